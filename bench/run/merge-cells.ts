import { readFileSync } from 'node:fs'
import { isAbsolute, join, normalize } from 'node:path'
import { median } from '../analyze/quantiles.ts'
import type { BackendFacts, Cell, Round, Run } from '../contract/index.ts'
import { SqlatencyError } from '../contract/index.ts'
import type { Part } from './merge.ts'
import { readSamples, type Store } from './store.ts'

/** Items with the same key together, in the order of their first. */
export function grouped<Item>(items: readonly Item[], key: (item: Item) => string): (readonly [Item, ...Item[]])[] {
  const groups = new Map<string, [Item, ...Item[]]>()
  for (const item of items) {
    const group = groups.get(key(item))
    if (group === undefined) groups.set(key(item), [item])
    else group.push(item)
  }
  return [...groups.values()]
}

export const roundsOf = ({ cells }: Pick<Run, 'cells'>): Round[] =>
  cells.flatMap((cell) => (cell.outcome === 'skipped' ? [] : cell.rounds))

/** The same run with its region in every name of a backend. */
export function regional(run: Run): Run {
  const named = (id: string): string => `${id}@${run.region}`
  return {
    ...run,
    backends: run.backends.map((one) => ({
      ...one,
      id: named(one.id),
      title: `${run.region}: ${one.title}`,
      movedFrom: one.movedFrom === null ? null : named(one.movedFrom),
    })),
    cells: run.cells.map((one) => ({ ...one, backend: named(one.backend) })),
    lag: run.lag.map((one) => ({ ...one, backend: named(one.backend) })),
    repeated: {
      ...run.repeated,
      rounds: run.repeated.rounds.map((one) => ({ ...one, backend: named(one.backend) })),
    },
    k6:
      run.k6 === null
        ? null
        : { ...run.k6, cells: run.k6.cells.map((one) => ({ ...one, backend: named(one.backend) })) },
  }
}

/** A cell with its rounds renumbered and their files in the merged run's folder. */
export function takeCell(cell: Cell, part: Part, store: Store): Cell {
  if (cell.outcome === 'skipped') return cell
  const rounds = cell.rounds.map((round) => takeRound(round, part, store))
  if (cell.outcome === 'failed') return { ...cell, rounds, message: `In run ${part.run.id}: ${cell.message}` }
  const { backend, scenario, load } = cell
  return { backend, scenario, load, outcome: 'pending', rounds }
}

/** A round with the repetition that it has in the merged run, its files copied. */
export function takeRound(round: Round, part: Part, store: Store): Round {
  const { operations, open } = round
  const take = (name: string, least: number): string => {
    const from = fileOf(part, name)
    if (readSamples(from).length < least)
      throw new SqlatencyError('RUN_UNREADABLE', `${from} does not hold the ${least} operations of its round.`)
    store.write(placed(part, name), readFileSync(from))
    return placed(part, name)
  }
  return {
    ...round,
    repetition: round.repetition + part.shift,
    samples: take(round.samples, operations),
    open:
      open === null
        ? null
        : { ...open, waits: take(open.waits, operations), arrivals: take(open.arrivals, operations) },
  }
}

/** One cell from those of several runs. What failed in one run failed: leave that run out to have the others' figures. */
export function oneCell(cells: readonly [Cell, ...Cell[]]): Cell {
  const [first] = cells
  const rounds = roundsOf({ cells })
  const failed = cells.find((cell) => cell.outcome === 'failed')
  if (failed !== undefined) return { ...failed, rounds }
  if (cells.every((cell) => cell.outcome === 'skipped')) return first
  const { backend, scenario, load } = first
  return { backend, scenario, load, outcome: 'pending', rounds }
}

/** A backend as the first run saw it that reached it; of its distance, what is typical of all of them. */
export function oneBackend(backends: readonly [BackendFacts, ...BackendFacts[]]): BackendFacts {
  const [first] = backends
  const one = backends.find(({ session }) => session !== null) ?? first
  const distances = backends.flatMap(({ distance }) => distance ?? [])
  if (one.distance === null) return one
  const measuredRttNs = median(distances.map((distance) => distance.measuredRttNs))
  const echoes = distances.reduce((sum, distance) => sum + distance.echoes, 0)
  return { ...one, distance: { ...one.distance, measuredRttNs, echoes } }
}

/** A file that a run names, where it lies. Only those in the run's own folder are touched. */
export function fileOf({ run, store }: Part, name: string): string {
  if (isInside(name)) return join(store.directory, name)
  throw new SqlatencyError('RUN_UNREADABLE', `Run ${run.id} names a file outside of its folder.`)
}

/** The name of the same file in the merged run. */
export const placed = ({ folder }: Part, name: string): string =>
  join(folder, normalize(name).replace(/^samples[/\\]/, ''))

const isInside = (name: string): boolean => !isAbsolute(name) && !/^\.\.([/\\]|$)/.test(normalize(name))
