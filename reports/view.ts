import type {
  BackendFacts,
  CaveatId,
  Cell,
  Comparison,
  Durability,
  Estimate,
  LoadCurve,
  MeasuredCell,
  RankedRow,
  Ranking,
  Run,
  ScenarioFacts,
} from '../bench/contract/index.ts'
import { loadKey, withoutMoved } from '../bench/contract/index.ts'
import type { CaveatNote } from './caveats.ts'
import { caveatNotes } from './caveats.ts'
import { tick } from './format.ts'
import { graphemes } from './graphemes.ts'

/** A comparison with everything found by name, as all reports need it. Pure data and look-ups. */
export interface View {
  /** Without the backends that were moved away, which only the distance tables show. */
  readonly run: Run
  readonly rankings: readonly Ranking[]
  /** Open loops, one a backend and scenario. Cells that are found by name are those of the load that is ranked. */
  readonly loads: readonly LoadCurve[]
  /** Backends that can be ranked: all but the harness alone. Their order fixes colour, marker and dash. */
  readonly backends: readonly BackendFacts[]
  /** Backends without a database: the zero line. */
  readonly nulls: readonly BackendFacts[]
  readonly scenarios: readonly ScenarioFacts[]
  readonly notes: readonly CaveatNote[]
  /** Whether answers differed, so that speed must not be compared. */
  readonly suppressed: boolean
  /** This run against an earlier one, and among the stored ones. */
  readonly baseline: Comparison['baseline']
  readonly history: Comparison['history']
  readonly claims: Comparison['claims']
  /** On databases, wherever they were moved; those of the harness alone do not count. */
  readonly operationsTimed: number
  /** Cells of backends that were moved away, with the backend whose database it is. */
  readonly moved: readonly { readonly base: string; readonly cell: Cell }[]
  cell(backend: string, scenario: string): Cell | null
  measured(backend: string, scenario: string): MeasuredCell | null
  ranking(scenario: string): Ranking | null
  row(backend: string, scenario: string): RankedRow | null
  /** The mean of an operation; null where none can be said. */
  mean(backend: string, scenario: string): Estimate | null
  /** Title, unique in the run; of a moved backend that of its base, and the distance. */
  title(backend: string): string
  /** A title as a sentence says it: without what stands in brackets, and never cut; unique in the run. */
  name(backend: string): string
  /** A title short enough for a column or an axis, unique in the run. */
  short(backend: string): string
  /** Letter of the caveat on all cells of moved backends; none where nobody was moved. */
  readonly atDistance: readonly string[]
  /** Letters of the caveats that stand beside the figures of this cell. */
  letters(backend: string, scenario: string): readonly string[]
  /** Letters of the caveats that stand beside no cell: they concern the whole run, or all figures of a server. */
  readonly general: readonly string[]
}

export function viewOf(comparison: Comparison): View {
  const { rankings, loads, means, caveats } = comparison
  const run = withoutMoved(comparison.run)
  const ranked = rankings[0] === undefined ? null : loadKey(rankings[0].load)
  const cells = new Map(
    run.cells
      .filter((cell) => ranked === null || loadKey(cell.load) === ranked)
      .map((cell) => [key(cell.backend, cell.scenario), cell]),
  )
  const rankingOf = new Map(rankings.map((ranking) => [ranking.scenario.id, ranking]))
  const rows = new Map(
    rankings.flatMap((ranking) => ranking.rows.map((row) => [key(row.backend.id, ranking.scenario.id), row] as const)),
  )
  const meanOf = new Map(means.map(({ backend, scenario, estimate }) => [key(backend, scenario), estimate]))
  const titles = unique(
    run.backends,
    (backend) => backend.title,
    ({ id }) => id,
  )
  const names = unique(
    run.backends,
    (backend) => bare(backend.title),
    ({ id }) => id,
  )
  const shorts = unique(
    run.backends,
    (backend) => shorten(backend.title),
    ({ id }, place) => (id.length <= SHORT / 2 ? id : String(place)),
  )
  const bases = new Map<string, string>()
  for (const { id, movedFrom, distance } of comparison.run.backends) {
    if (movedFrom === null) continue
    bases.set(id, movedFrom)
    titles.set(
      id,
      `${titles.get(movedFrom) ?? movedFrom} at ${distance === null ? 'a distance' : tick(distance.requestedRttNs)}`,
    )
  }
  const title = (backend: string): string => titles.get(backend) ?? backend
  const scenarioTitles = new Map(run.scenarios.map((scenario) => [scenario.id, scenario.title]))
  const notes = caveatNotes(caveats, { backend: title, scenario: (id) => scenarioTitles.get(id) ?? id })
  const cell = (backend: string, scenario: string): Cell | null => cells.get(key(backend, scenario)) ?? null
  const row = (backend: string, scenario: string): RankedRow | null => rows.get(key(backend, scenario)) ?? null
  const atDistance = notes.filter(({ id }) => id === 'AT_DISTANCE').map((note) => note.letter)
  const beside = new Set(rankings.flatMap((ranking) => ranking.rows.flatMap((one) => one.caveats)))
  return {
    run,
    rankings,
    loads,
    backends: run.backends.filter((backend) => !isNull(backend)),
    nulls: run.backends.filter(isNull),
    scenarios: run.scenarios,
    notes,
    baseline: comparison.baseline,
    history: comparison.history,
    claims: comparison.claims,
    suppressed: caveats.some((caveat) => caveat.id === 'ANSWERS_DIFFER'),
    operationsTimed: operationsOnDatabases(comparison.run),
    moved: comparison.run.cells.flatMap((one) => {
      const base = bases.get(one.backend)
      return base === undefined ? [] : [{ base, cell: one }]
    }),
    cell,
    measured(backend, scenario) {
      const found = cell(backend, scenario)
      return found?.outcome === 'measured' ? found : null
    },
    ranking: (scenario) => rankingOf.get(scenario) ?? null,
    row,
    mean: (backend, scenario) => meanOf.get(key(backend, scenario)) ?? null,
    title,
    name: (backend) => names.get(backend) ?? backend,
    short: (backend) => shorts.get(backend) ?? backend,
    general: notes.filter((note) => !beside.has(note.id)).map((note) => note.letter),
    atDistance,
    letters(backend, scenario) {
      if (bases.has(backend)) return atDistance
      const ids: readonly CaveatId[] = row(backend, scenario)?.caveats ?? []
      return notes
        .filter((note) => ids.includes(note.id) && note.concerns?.(backend, scenario) === true)
        .map((note) => note.letter)
    },
  }
}

/** The durability class that was read back while measuring: `undeclared` when rounds disagree, null when none says. */
export function durabilityOf(cell: MeasuredCell): Durability | null {
  const [first = null, ...rest] = new Set(cell.rounds.map((round) => round.durability).filter((one) => one !== null))
  return rest.length === 0 ? first : 'undeclared'
}

/** A quantile of all operations, or null when they are too few to say. */
export function quantile(cell: MeasuredCell, p: number): number | null {
  return cell.estimates.quantiles.find((entry) => entry.p === p)?.ns ?? null
}

/** Place of a backend in the run, which fixes its look and names it to the script; -1 for the harness alone. */
export function placeOf(view: View, backend: string): number {
  return view.backends.findIndex((one) => one.id === backend)
}

function isNull(backend: BackendFacts): boolean {
  return backend.traits.includes('null')
}

function operationsOnDatabases({ backends, cells }: Run): number {
  const nulls = new Set(backends.filter(isNull).map(({ id }) => id))
  return cells.reduce(
    (sum, cell) => sum + (cell.outcome === 'measured' && !nulls.has(cell.backend) ? cell.estimates.operations : 0),
    0,
  )
}

/** JSON, because no separator is safe in names. */
function key(backend: string, scenario: string): string {
  return JSON.stringify([backend, scenario])
}

const SHORT = 24

const bare = (title: string): string => title.replace(/\s*\([^()]*\)\s*$/, '').trim() || title

function shorten(title: string): string {
  const text = bare(title)
  const letters = graphemes(text)
  return letters.length <= SHORT
    ? text
    : `${letters
        .slice(0, SHORT - 1)
        .join('')
        .trimEnd()}…`
}

/** Names by id; those that several backends share are told apart by their id, short ones by their place. */
function unique(
  backends: readonly BackendFacts[],
  name: (backend: BackendFacts) => string,
  apart: (backend: BackendFacts, place: number) => string,
): Map<string, string> {
  const times = new Map<string, number>()
  for (const backend of backends) times.set(name(backend), (times.get(name(backend)) ?? 0) + 1)
  return new Map(
    backends.map((backend, index) => [
      backend.id,
      times.get(name(backend)) === 1 ? name(backend) : `${name(backend)} [${apart(backend, index + 1)}]`,
    ]),
  )
}
