import { setTimeout as sleep } from 'node:timers/promises'
import { dirname, join } from 'node:path'
import type { Adapter, LagCell, LagFigures, LagWriter, Random, ReadFigures, Stage } from '../contract/index.ts'
import { seededRandom, SqlatencyError, toSqlatencyError } from '../contract/index.ts'
import type { Sighting } from '../measure/lag.ts'
import { writeMarker } from '../measure/lag.ts'
import type { WrittenLoad } from '../measure/write-load.ts'
import { writeAtomically } from './files.ts'
import { figuresOf, loadFigures, readFigures, servedBy } from './lag-figures.ts'
import { LagThread } from './lag-thread.ts'
import type { Observed } from './markers.ts'
import { markerLine } from './markers.ts'
import { probeOwnWrites } from './own-writes.ts'

export interface LagTask {
  readonly adapter: string
  readonly backend: string
  readonly configPath: string | null
  readonly address: unknown
  readonly seed: number
  readonly markers: number
  readonly writesPerSecond: number
  readonly timeoutNs: number
  /** Own writes that a session of its own looks for; 0 for none. */
  readonly probes: number
  /** How long reads are timed for `reads`. */
  readonly readingNs: number
  /** Absolute, and as the run stores it; a phase adds its name. */
  readonly samplesPath: string
  readonly samplesName: string
}

/** Longest wait for the replica to take over what was seeded. */
const CATCH_UP_NS = 60e9
/** Pause between two markers, at most; random, so that markers meet interval-based replication at every phase. */
const LONGEST_PAUSE_MS = 25
/** A phase ends when so many markers in a row were not seen in time, or not asked for at a replica. */
const PATIENCE = 3
const NO_ANSWER = 'No read was answered by a replica.'
/** The load runs for so long before the first marker of its phase. */
const LOAD_RUN_UP_MS = 300
/** Longest silence of either side. A thread cannot tell a slow answer from none. */
const SILENCE_MS = 20_000
/** Markers of the load are out of the way of the others. */
const FIRST_OF_LOAD = 1_000_000_000

/**
 * Replication lag by brackets (docs/replication-lag.md): one process holds all connections and one clock; the reader, which may
 * block, has a thread of its own and polls from before the write is sent. First at rest, then under a load of writes.
 */
export async function measureLag(adapter: Adapter, task: LagTask, enter: (stage: Stage) => void): Promise<LagCell> {
  const { replication } = adapter
  if (replication === undefined) throw new SqlatencyError('BACKEND_FAILED', `${adapter.id} has no replica to watch.`)
  enter('lag')
  const here = replication.configured?.(task.address) ?? replication
  if ('none' in here) return { backend: task.backend, outcome: 'none', reason: here.none }
  const { mechanism, expectedLagNs, positionUnit } = { ...replication, ...here }
  const apart = replication.oneThread === true
  const reader = await LagThread.start({ ...task, role: 'reader', apart }).catch(lost('replica', task))
  const writer = await replication.writer(task.address).catch(lost('primary', task))
  const markers = new Markers(task, reader, writer, expectedLagNs)
  try {
    const first = await markers.observe(CATCH_UP_NS)
    if (!first.sighting.answered)
      return { backend: task.backend, outcome: 'none', reason: replication.neverCounted ?? NO_ANSWER }
    if (first.sighting.firstSightEndNs === null)
      throw new SqlatencyError('REPLICA_BEHIND', `The replica did not catch up within ${CATCH_UP_NS / 1e9} s.`)
    const read = async (): Promise<ReadFigures> => {
      const order = { kind: 'read', marker: first.written.marker, durationNs: task.readingNs } as const
      const reading = reader.order<number[]>(order)
      const readNs = await answered(reading.done, task.readingNs / 1e6).catch(lost('replica', task))
      if (readNs.length === 0) throw new SqlatencyError('REPLICA_BEHIND', NO_ANSWER)
      return readFigures(readNs)
    }
    const all: Observed[] = []
    const phase = async (name: string): Promise<LagFigures> => {
      const { observed, gaveUp } = await markers.run()
      if (observed.length === 0) throw new SqlatencyError('REPLICA_BEHIND', NO_ANSWER)
      all.push(...observed)
      const file = `${name}.ndjson`
      writeAtomically(
        join(dirname(task.samplesPath), file),
        observed.map((one) => `${JSON.stringify(markerLine(one))}\n`).join(''),
      )
      return figuresOf(observed, positionUnit, gaveUp, join(dirname(task.samplesName), file))
    }
    const quiet = await read()
    const atRest = await phase('lag')
    const begun = { backend: task.backend, outcome: 'measured', mechanism, ...atRest } as const
    // Whatever waits for such a replica would wait in vain.
    if (atRest.gaveUp)
      return { ...begun, underLoad: null, ownWrites: null, ...servedBy(all), reads: { quiet, applying: null } }
    const ownWrites = await probeOwnWrites(adapter, task, () => markers.next()).catch(lost('session', task))
    const loaded = await underLoad({ ...task, apart }, async () => ({
      figures: await phase('lag-load'),
      applying: await read(),
    }))
    return {
      ...begun,
      underLoad: loaded === null ? null : { ...loaded.result.figures, load: loaded.load },
      ownWrites,
      ...servedBy(all),
      reads: { quiet, applying: loaded?.result.applying ?? null },
    }
  } finally {
    // Closing what is lost may fail too, and is not what went wrong.
    await Promise.allSettled([answered(writer.close(), 0), reader.close()])
  }
}

/** Writes markers one after another and watches each of them. */
class Markers {
  readonly #task: LagTask
  readonly #reader: LagThread
  readonly #writer: LagWriter
  readonly #expectedNs: number
  readonly #random: Random
  #last = 0

  constructor(task: LagTask, reader: LagThread, writer: LagWriter, expectedNs: number) {
    this.#task = task
    this.#reader = reader
    this.#writer = writer
    this.#expectedNs = expectedNs
    this.#random = seededRandom(task.seed, 'lag')
  }

  next(): number {
    this.#last += 1
    return this.#last
  }

  async run(): Promise<{ observed: Observed[]; gaveUp: boolean }> {
    const observed: Observed[] = []
    for (let [unseen, unanswered] = [0, 0]; observed.length < this.#task.markers;) {
      await sleep(this.#random.real() * Math.max(LONGEST_PAUSE_MS, (this.#expectedNs * 2) / 1e6))
      const one = await this.observe(this.#task.timeoutNs)
      unanswered = one.sighting.answered ? 0 : unanswered + 1
      if (unanswered === PATIENCE) return { observed, gaveUp: true }
      if (unanswered > 0) continue
      observed.push(one)
      unseen = one.sighting.firstSightEndNs === null ? unseen + 1 : 0
      if (unseen === PATIENCE) return { observed, gaveUp: true }
    }
    return { observed, gaveUp: false }
  }

  async observe(timeoutNs: number): Promise<Observed> {
    const marker = this.next()
    const watching = this.#reader.order<Sighting>({
      kind: 'watch',
      marker,
      gapNs: this.#expectedNs * 0.1,
      timeoutNs,
    })
    await watching.begun
    // Whichever is lost first ends the wait for the other.
    const [written, sighting] = await Promise.all([
      answered(writeMarker(this.#writer, marker), 0).catch(lost('primary', this.#task)),
      answered(watching.done, timeoutNs / 1e6).catch(lost('replica', this.#task)),
    ])
    return { written, sighting }
  }
}

async function underLoad<Result>(
  task: LagTask & { readonly apart: boolean },
  work: () => Promise<Result>,
): Promise<{ result: Result; load: ReturnType<typeof loadFigures> } | null> {
  if (task.writesPerSecond === 0) return null
  const thread = await LagThread.start({ ...task, role: 'load' }).catch(lost('primary', task))
  try {
    const order = { kind: 'write', firstMarker: FIRST_OF_LOAD, perSecond: task.writesPerSecond } as const
    const writing = thread.order<WrittenLoad>(order)
    await sleep(LOAD_RUN_UP_MS)
    const result = await work()
    thread.order({ kind: 'stop' })
    const written = await answered(writing.done, 0).catch(lost('primary', task))
    if (written.writeNs.length === 0)
      throw new SqlatencyError(
        'BACKEND_FAILED',
        `No write of the load succeeded: ${written.firstError ?? 'none was due'}`,
        {
          backend: task.backend,
        },
      )
    return { result, load: loadFigures(written, task.writesPerSecond) }
  } finally {
    await thread.close()
  }
}

/** The result, or an error when `expectedMs` and the longest silence have passed. */
async function answered<Result>(work: Promise<Result>, expectedMs: number): Promise<Result> {
  const controller = new AbortController()
  const timeout = sleep(expectedMs + SILENCE_MS, undefined, { signal: controller.signal }).then(() => {
    throw new SqlatencyError('REPLICA_BEHIND', `no answer came within ${(expectedMs + SILENCE_MS) / 1000} s`)
  })
  timeout.catch(() => undefined)
  try {
    return await Promise.race([work, timeout])
  } finally {
    controller.abort()
  }
}

/** Says which side failed. */
function lost(side: 'primary' | 'replica' | 'session', { backend }: LagTask): (error: unknown) => never {
  return (error) => {
    const known = toSqlatencyError(error, { backend })
    throw new SqlatencyError(known.code, `The ${side} failed: ${known.message}`, { backend }, { cause: error })
  }
}
