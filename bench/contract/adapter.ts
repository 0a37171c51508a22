import type { Question } from './scenario.ts'
import type { Call, Dialect, Rows, Value } from './sql.ts'

/** `durable`: fsync at commit. `relaxed`: not. `undeclared`: a server that does not say or cannot be changed. */
export type Durability = 'durable' | 'relaxed' | 'undeclared'

/** How far the database is: this process, another process of this host, or beyond a network. */
export type Reach = 'in-process' | 'same-host' | 'network'

export type SyncQuery = (args: readonly Value[]) => Rows
export type AsyncQuery = (args: readonly Value[]) => Promise<Rows>

/** What a live session says of itself. Settings are read back from the database, never repeated from the configuration. */
export interface SessionFacts {
  readonly durability: Durability
  /** For example `{ journal_mode: 'wal', synchronous: 2 }`. */
  readonly settings: Readonly<Record<string, string | number | boolean | null>>
  /** For example `{ sqlite: '3.54.0', 'better-sqlite3': '13.2.0' }`. */
  readonly versions: Readonly<Record<string, string>>
  /** Absent: as everybody expects of a driver. */
  readonly driver?: DriverFacts | undefined
}

/** In what a driver differs from what everybody expects, where figures show it. Told by the adapter. */
export interface DriverFacts {
  /** Prepares its statement anew in every call and cannot keep one, so that parsing and planning are in every figure. */
  readonly preparesEveryCall?: boolean | undefined
  /** A read fetches nothing first: it shows what the session brought over when it was opened or last synced. */
  readonly readsDoNotSync?: boolean | undefined
  /** Round trips to the primary for one statement that writes. In a transaction every statement takes them, BEGIN and COMMIT too. */
  readonly writeRoundTrips?: number | undefined
}

/** A connection whose calls return rows at once. Sync for life: the measuring loop is chosen once and holds no `await`. */
export interface SyncSession {
  readonly mode: 'sync'
  /** A prepared statement is a function from arguments to rows. */
  prepare(text: string): SyncQuery
  /** All calls in one transaction. */
  batch(calls: readonly Call[]): void
  facts(): SessionFacts
  close(): void
}

export interface AsyncSession {
  readonly mode: 'async'
  prepare(text: string): AsyncQuery
  batch(calls: readonly Call[]): Promise<void>
  /**
   * A whole scenario executed beside the database in one request, for backends whose application code lives there (a Worker).
   * Absent: the harness drives the statements itself.
   */
  operation?(scenario: string): (question: Question) => Promise<Rows>
  /** Waits until reads of this session see every write that was acknowledged before the call. Absent where they always do. */
  catchUp?(): Promise<void>
  facts(): Promise<SessionFacts>
  /** Whether its connection is gone for good, so that only a new session helps. Absent: the driver connects anew by itself. */
  isLost?(): boolean
  close(): Promise<void>
}

export type Session = SyncSession | AsyncSession

/** Where set-up registers its undoing. Runs in reverse order, also after Ctrl-C. */
export interface Scope {
  /** An empty folder of this backend alone; it is removed by its owner. */
  readonly directory: string
  readonly signal: AbortSignal
  /** CPUs that servers are pinned to, or null for no pinning. */
  readonly serverCpus: readonly number[] | null
  defer(teardown: () => void | Promise<void>): void
}

/** A module that exports scenarios, so that an adapter can bundle them to run beside the database. */
export interface ScenarioModule {
  readonly path: string
  /** An export that is an array of scenarios, or a config with a `scenarios` array. */
  readonly name: string
}

/** What the run will ask of a backend. */
export interface Job {
  /** Every statement text that will be sent, for backends that accept named statements only. */
  readonly texts: readonly string[]
  /** For backends that speak both dialects: the other dialect's text by the adapter's own, where a scenario writes out both. Absent: none does. */
  readonly translations?: Readonly<Record<string, string>>
  readonly scenarioModules: readonly ScenarioModule[]
}

/**
 * How a distance is emulated. `netem`: the kernel's own delay. `tun`: packets of a TUN device, delayed by a helper of ours.
 * `relay`: a TCP relay. The first two are real TCP from end to end.
 */
export type Emulator = 'netem' | 'tun' | 'relay'

/**
 * In what an emulated distance is not true to a real one. `connect-early`: connect() returns at once, and the first bytes wait
 * that round trip instead. `no-slow-start`: results beyond a first TCP window come sooner.
 */
export type Untruth = 'connect-early' | 'no-slow-start' | 'no-loss' | 'no-jitter' | 'no-bandwidth-limit'

/** A distance between client and database that the harness put there itself. */
export interface Distance {
  readonly emulator: Emulator
  readonly requestedRttNs: number
  /** Median of the quietest five echoes in a row through the emulator. */
  readonly measuredRttNs: number
  /** The same of echoes without it: what a round trip on this machine takes. */
  readonly directRttNs: number
  /** The most by which a round trip is made longer or shorter; 0 for none. */
  readonly jitterNs: number
  /** Null: no limit. */
  readonly bandwidthBytesPerSecond: number | null
  readonly echoes: number
  readonly untrue: readonly Untruth[]
}

interface EchoEnd {
  readonly host: string
  readonly port: number
}

/** Where the process of an emulator itself sends back what it gets, so that what another one takes to wake up is not in it. */
export interface EchoEnds {
  /** Over the distance. */
  readonly far: EchoEnd
  /** Without it. */
  readonly here: EchoEnd
}

/** A distance that is in place. */
export interface PlacedDistance extends Distance {
  readonly echo: EchoEnds
}

/**
 * How a container is reached. `address`: its own, over Docker's bridge. `port`: one of the host, which Docker publishes through a
 * proxy or NAT.
 */
export type Road = 'address' | 'port'

export interface ContainerFacts {
  /** As it was asked for, for example `postgres:18`. */
  readonly image: string
  /** What that name stood for: `sha256:...`. */
  readonly imageId: string
  readonly road: Road
}

/** A server that the harness started. */
export interface ServerFacts {
  readonly name: string
  readonly version: string
  readonly cpus: readonly number[] | null
  /** Absent: a process of the host. */
  readonly container?: ContainerFacts | undefined
}

export interface Provisioned<Address> {
  /** Plain data: it crosses to the child process of every round. May hold secrets, so it is never stored. */
  readonly address: Address
  readonly distance: PlacedDistance | null
  /** Empty when the database was given by its URL. */
  readonly servers: readonly ServerFacts[]
  /** Whether the database was there before the run. Such a one is searched for foreign tables before anything is written. */
  readonly external: boolean
  /** Of one that was there before: all that is created there goes as a whole when the scope ends. Absent: it does not. */
  readonly goesWhole?: boolean
  /** Median time of TCP handshakes with a database that was there before. Absent or null: not measured. */
  readonly roundTripNs?: number | null
}

/** Where operations are asked for by HTTP, in the wire format of the D1 Worker. Holds a secret, so it is never stored. */
export interface HttpFace {
  readonly url: string
  readonly token: string
}

/** Writes lag markers to the primary. */
export interface LagWriter {
  /**
   * Inserts the marker row. Returns a position (a frame number, an LSN) without which the marker cannot be seen,
   * or null if the primary does not tell one.
   */
  write(marker: number): Promise<number | null>
  close(): Promise<void>
}

/** Looks for lag markers on a replica. Runs in a thread of its own, so it may block. */
export interface LagReader {
  /** One poll: is the marker visible now, and at which position is the replica? */
  poll(marker: number): Promise<LagPoll>
  close(): Promise<void>
}

export interface LagPoll {
  readonly visible: boolean
  readonly position: number | null
  /** False: the primary itself answered, which says nothing of a replica. */
  readonly counts?: boolean
  /** Which of several replicas answered, for example its region. Absent where there is one. */
  readonly copy?: string
}

/** What an address decides about replication; or that there is none here, with the reason in one sentence. */
export type ReplicationHere =
  | {
      readonly mechanism: string
      readonly expectedLagNs: number
      /** Absent: what the replication says in general. */
      readonly positionUnit?: PositionUnit | null
    }
  | { readonly none: string }

type PositionUnit = 'frames' | 'bytes' | 'transactions'

/** How replication lag of a backend is observed. */
export interface Replication<Address> {
  /** What brings a change over, for example `sync() before every read`. */
  readonly mechanism: string
  readonly positionUnit: PositionUnit | null
  /** Roughly; it sets the gap between polls and the pause between markers. */
  readonly expectedLagNs: number
  /** The driver does not stand two threads of one process: reader and writers of load have processes of their own. */
  readonly oneThread?: true
  /** What options change of the three. */
  configured?(address: Address): ReplicationHere
  writer(address: Address): Promise<LagWriter>
  reader(address: Address): Promise<LagReader>
  /** A client that has to see its own writes, where that takes more than `connect`: each poll is told what the last write was answered. */
  ownWrites?(address: Address): Promise<LagWriter & LagReader>
  /** Why no poll ever counts, and what to do about it, where polls may not count. */
  readonly neverCounted?: string
}

export type OptionValue = string | number | boolean | null
export type Options = Readonly<Record<string, OptionValue>>

export interface Adapter<Chosen extends Options = Options, Address = unknown> {
  readonly id: string
  readonly title: string
  readonly dialect: Dialect
  readonly reach: Reach
  /** Every option with its default. An option that is not here does not exist. */
  readonly defaults: Chosen
  /** Names of options that hold secrets (URLs with passwords, tokens). Their values are never stored or printed. */
  readonly secrets?: readonly (keyof Chosen & string)[]
  provision(options: Chosen, scope: Scope, job: Job): Promise<Provisioned<Address>>
  connect(address: Address): Session | Promise<Session>
  /** A session whose connection is made by its first operation, for measuring that one. Absent: `connect` does nothing beyond. */
  connectUntried?(address: Address): Session | Promise<Session>
  /**
   * The same database seen from further away: another way to what `provision` brought up, by the options `rttMs` and those
   * beside it. Absent: there is no way that could be made longer.
   */
  move?(here: Provisioned<Address>, options: Chosen, scope: Scope): Promise<Provisioned<Address>>
  /** A session at the place where writes go, for seeding. Absent: `connect`. */
  connectPrimary?(address: Address): Session | Promise<Session>
  /** For a backend that is HTTP-shaped itself. Absent: `sqlatency serve` puts a face in front of it. */
  face?(address: Address): HttpFace
  /** Absent where there is one copy: `reason` says so. */
  readonly replication?: Replication<Address>
  /** Known traits that a report must disclose. */
  readonly traits?: readonly Trait[]
}

/** `simulator`: not the product itself. `replica`: reads may be stale, writes are forwarded. `null`: no database at all. */
export type Trait = 'simulator' | 'replica' | 'null'

export const defineAdapter = <Chosen extends Options, Address>(
  adapter: Adapter<Chosen, Address>,
): Adapter<Chosen, Address> => adapter
