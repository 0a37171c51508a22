import type {
  BackendFacts,
  BackendSpec,
  Distance,
  Job,
  Options,
  OptionValue,
  PlacedDistance,
  Placement,
  Provisioned,
  RowCount,
  Scenario,
  ScenarioModule,
  Session,
  SessionFacts,
  Table,
} from '../contract/index.ts'
import { scenarioTexts, seedingTexts, SqlatencyError, translations } from '../contract/index.ts'
import type { Workplace } from './scope.ts'

/** A backend that is up: its address stays here and in the processes of its rounds. */
export interface LiveBackend {
  readonly spec: BackendSpec
  readonly provisioned: Provisioned<unknown>
}

export interface JobInput {
  readonly scenarios: readonly Scenario[]
  readonly tables: readonly Table[]
  readonly modules: readonly ScenarioModule[]
  readonly count: RowCount
}

export async function provision(
  spec: BackendSpec,
  place: Workplace,
  placement: Placement,
  input: JobInput,
): Promise<LiveBackend> {
  const { dialect } = spec.adapter
  const job: Job = {
    texts: [
      ...new Set([
        ...input.scenarios.flatMap((scenario) => scenarioTexts(scenario, dialect)),
        ...seedingTexts(input.tables, dialect, input.count),
      ]),
    ],
    translations: Object.assign(
      {},
      ...input.scenarios.map((scenario) =>
        translations(scenario, dialect, dialect === 'postgres' ? 'sqlite' : 'postgres'),
      ),
    ) as Record<string, string>,
    scenarioModules: input.modules,
  }
  const provisioned = await spec.adapter.provision(spec.options, place.scope(spec.id, placement.serverCpus), job)
  return { spec, provisioned }
}

/** The database of a live backend, seen from where the options say. */
export async function moveAway(
  spec: BackendSpec,
  { provisioned }: LiveBackend,
  place: Workplace,
  placement: Placement,
): Promise<LiveBackend> {
  const { adapter, options } = spec
  const scope = place.scope(spec.id, placement.serverCpus)
  return { spec, provisioned: await adapter.move!(provisioned, options, scope) }
}

/** A session at the place where writes go, so that seeding a replica does not go the long way round. */
export async function connectPrimary({ spec, provisioned }: LiveBackend): Promise<Session> {
  return await (spec.adapter.connectPrimary ?? spec.adapter.connect).call(spec.adapter, provisioned.address)
}

/** Opens a session, hands it over and closes it, also when the work fails. */
export async function withSession<Result>(
  open: Session | Promise<Session>,
  work: (session: Session) => Promise<Result>,
): Promise<Result> {
  const session = await open
  try {
    return await work(session)
  } finally {
    await session.close()
  }
}

/** Facts of a backend that was not brought up, or not yet. */
export function plannedFacts(spec: BackendSpec): BackendFacts {
  const { adapter } = spec
  const external = typeof spec.options.url === 'string'
  return {
    id: spec.id,
    title: spec.title,
    adapter: adapter.id,
    dialect: adapter.dialect,
    reach: adapter.reach,
    // A deployed Worker is the product itself.
    traits: (adapter.traits ?? []).filter((trait) => !(external && trait === 'simulator')),
    options: publicOptions(spec.options, adapter.secrets ?? []),
    distance: null,
    movedFrom: spec.movedFrom,
    servers: [],
    external,
    roundTripNs: null,
    session: null,
  }
}

export function liveFacts({ spec, provisioned }: LiveBackend, session: SessionFacts | null): BackendFacts {
  const planned = plannedFacts(spec)
  // A replica is read beside the application, however far away the harness put its primary.
  const moved = provisioned.distance !== null && !planned.traits.includes('replica')
  const far = moved || provisioned.external
  return {
    ...planned,
    // A replica in process is read there, also that of a given database.
    reach: far && planned.reach === 'same-host' ? 'network' : planned.reach,
    distance: provisioned.distance === null ? null : withoutEcho(provisioned.distance),
    servers: provisioned.servers,
    external: provisioned.external,
    roundTripNs: provisioned.roundTripNs ?? null,
    session,
  }
}

/** Where to dial is of no use when the run has ended. */
function withoutEcho(placed: PlacedDistance): Distance {
  const { echo: _, ...distance } = placed
  return distance
}

/** Secrets do not leave the process: a report says that one was given, not which. */
function publicOptions(options: Options, secrets: readonly string[]): Options {
  const hide = (name: string, value: OptionValue): OptionValue =>
    secrets.includes(name) && value !== null ? '***' : value
  return Object.fromEntries(Object.entries(options).map(([name, value]) => [name, hide(name, value)]))
}

/** A backend that was asked for a durability class and has another one must not be measured under the wrong name. */
export function checkDurability(spec: BackendSpec, facts: SessionFacts): void {
  const wanted = spec.options.durability
  if (wanted === undefined || wanted === null || wanted === facts.durability) return
  throw new SqlatencyError(
    'DURABILITY_REFUSED',
    `${spec.id} was asked to be ${String(wanted)}, but reads back as ${facts.durability}.`,
  )
}
