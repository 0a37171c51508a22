import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { studyDistance } from '../analyze/distance.ts'
import type { Run, Source } from '../contract/index.ts'
import { SqlatencyError } from '../contract/index.ts'
import { grouped, oneBackend, oneCell, regional, roundsOf, takeCell, takeRound } from './merge-cells.ts'
import { k6Refusal, unitedK6 } from './merge-k6.ts'
import { oneLag, takeLag } from './merge-lag.ts'
import { backendDifference, firstDifference } from './same.ts'
import { Store } from './store.ts'

export interface Stored {
  readonly run: Run
  readonly store: Store
}

/** A run on its way into a merged one. */
export interface Part extends Stored {
  /** The measured runs that it stands for, in the repetitions of the merged run. */
  readonly sources: readonly Source[]
  /** What is added to its repetitions. */
  readonly shift: number
  /** Where its files go, relative to the merged run's folder. */
  readonly folder: string
}

/**
 * One run from several. Every operation of each is kept, so that percentiles are those of all operations and not
 * averages of percentiles. Rounds of one region become rounds of one cell; regions stay apart as backends of their own,
 * because a percentile over places describes nobody.
 * @throws SqlatencyError RUNS_DIFFER when figures would not be of the same thing, with the first difference
 */
export function merge(inputs: readonly Stored[], output: string, id: string): Stored {
  const parts = partsOf(inputs)
  const refusal = refusalOf(parts)
  // Names come from files that anybody may have written.
  if (refusal !== null) throw new SqlatencyError('RUNS_DIFFER', refusal.replaceAll(/\p{Cc}/gu, '\u{fffd}'))
  if (existsSync(join(output, id))) throw new SqlatencyError('USAGE', `There is a run ${id} in ${output} already.`)
  const store = new Store(output, id)
  try {
    const run = united(parts, store, id)
    store.save(run)
    store.pointLatest()
    return { run, store }
  } catch (error) {
    rmSync(store.directory, { recursive: true, force: true })
    throw error
  }
}

function partsOf(inputs: readonly Stored[]): Part[] {
  let shift = 0
  return inputs.map(({ run, store }, n) => {
    const { id, region, startedAt, host, placement, clock } = run
    const end = Math.max(run.plan.rounds, ...roundsOf(run).map(({ repetition }) => repetition + 1))
    const itself = { id, region, startedAt, host, placement, clock, repetitions: { first: 0, end } }
    const sources = (run.sources.length > 0 ? run.sources : [itself]).map((source) => ({
      ...source,
      repetitions: { first: source.repetitions.first + shift, end: source.repetitions.end + shift },
    }))
    const part = { run, store, sources, shift, folder: join('samples', `run-${n + 1}`) }
    shift = Math.max(...sources.map(({ repetitions }) => repetitions.end))
    return part
  })
}

/** Why these runs cannot be one, in a sentence. */
function refusalOf(parts: readonly Part[]): string | null {
  const runs = parts.map(({ run }) => run)
  const [first, ...others] = runs
  if (first === undefined || others.length === 0) return 'Merging takes two runs or more.'
  const ids = parts.flatMap(({ sources }) => sources.map(({ id }) => id))
  const twice = ids.find((id, n) => ids.indexOf(id) !== n)
  if (twice !== undefined) return `Run ${twice} would be counted twice.`
  const mixed = parts.find(({ run, sources }) => sources.some(({ region }) => region !== run.region))
  if (mixed !== undefined) return `Run ${mixed.run.id} holds several regions already; merge what it was made of.`
  const named = runs.find(({ region }) => region !== null)
  const nameless = runs.find(({ region }) => region === null)
  if (named !== undefined && nameless !== undefined)
    return `Run ${named.id} was measured in ${named.region}, and run ${nameless.id} does not say where.`
  for (const run of others) {
    const difference = firstDifference(first, run)
    if (difference !== null) return `Runs ${first.id} and ${run.id} differ in ${difference}.`
    const here = runs.find(({ region }) => region === run.region)!
    const backends = backendDifference(here, run)
    if (backends !== null) return `Runs ${here.id} and ${run.id} differ in ${backends}.`
  }
  return k6Refusal(runs)
}

function united(parts: readonly Part[], store: Store, id: string): Run {
  const [{ run: first }] = parts as [Part]
  const apart = new Set(parts.map(({ run }) => run.region)).size > 1
  const named = apart ? parts.map((part) => ({ ...part, run: regional(part.run) })) : parts
  const runs = named.map(({ run }) => run)
  const cells = grouped(
    named.flatMap((part) => part.run.cells.map((cell) => takeCell(cell, part, store))),
    ({ backend, scenario, load }) => JSON.stringify([backend, scenario, load]),
  ).map((same) => store.estimated(oneCell(same)))
  const lag = grouped(
    named.flatMap((part) => part.run.lag.map((one) => takeLag(one, part))),
    ({ cell }) => cell.backend,
  ).map((same) => oneLag(same, store))
  const whole = runs.every(({ status }) => status === 'complete')
  const merged: Run = {
    ...first,
    id,
    startedAt: runs.map(({ startedAt }) => startedAt).toSorted()[0]!,
    finishedAt: runs
      .map(({ finishedAt, startedAt }) => finishedAt ?? startedAt)
      .toSorted()
      .at(-1)!,
    status:
      whole && cells.every(({ outcome }) => outcome === 'measured' || outcome === 'skipped') ? 'complete' : 'partial',
    plan: { ...first.plan, rounds: roundsPlanned(runs) },
    region: apart ? null : first.region,
    sources: parts.flatMap(({ sources }) => sources),
    scenarios: first.scenarios.map((scenario) => {
      // Agreed upon only where every run compared them.
      const agreed = runs.every((run) => run.scenarios.some((one) => one.id === scenario.id && one.answers !== null))
      return agreed ? scenario : { ...scenario, answers: null }
    }),
    backends: grouped(
      runs.flatMap(({ backends }) => backends),
      (backend) => backend.id,
    ).map(oneBackend),
    cells,
    lag,
    repeated: {
      limit: runs.reduce((sum, { repeated }) => sum + repeated.limit, 0),
      limitReached: runs.some(({ repeated }) => repeated.limitReached),
      rounds: named.flatMap((part) =>
        part.run.repeated.rounds.map((one) => ({ ...one, round: takeRound(one.round, part, store) })),
      ),
    },
    k6: unitedK6(named, store),
    spentNs: runs.map(({ spentNs }) => spentNs).reduce(sumOf),
  }
  return { ...merged, distance: studyDistance(merged) }
}

/** Rounds that the most often measured region was to have. */
function roundsPlanned(runs: readonly Run[]): number {
  const byRegion = grouped(runs, ({ region }) => region ?? '')
  return Math.max(...byRegion.map((them) => them.reduce((sum, { plan }) => sum + plan.rounds, 0)))
}

function sumOf(a: Run['spentNs'], b: Run['spentNs']): Run['spentNs'] {
  const stages = Object.keys(a) as (keyof Run['spentNs'])[]
  return Object.fromEntries(stages.map((stage) => [stage, a[stage] + b[stage]])) as Run['spentNs']
}
