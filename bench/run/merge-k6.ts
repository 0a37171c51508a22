import { readFileSync } from 'node:fs'
import type { K6Cell, K6Study, Run } from '../contract/index.ts'
import { SqlatencyError } from '../contract/index.ts'
import type { Part } from './merge.ts'
import { fileOf, placed } from './merge-cells.ts'
import { readSamples, type Store } from './store.ts'

/** Why what k6 saw cannot stand together, in a sentence; null where it can, and where nobody looked from there. */
export function k6Refusal(runs: readonly Run[]): string | null {
  const seen = runs.filter(({ k6 }) => k6 !== null)
  const [first, ...others] = seen
  if (first === undefined) return null
  const without = runs.find(({ k6 }) => k6 === null)
  if (without !== undefined) return `Run ${first.id} holds figures of k6, and run ${without.id} does not.`
  const regions = seen.map(({ region }) => region)
  const twice = seen.find(({ region }, n) => regions.indexOf(region) !== n)
  if (twice !== undefined)
    return (
      `Runs ${seen[regions.indexOf(twice.region)]!.id} and ${twice.id} were both seen by k6 ` +
      `${twice.region === null ? 'and do not say where' : `in ${twice.region}`}; figures of k6 of one place are not pooled.`
    )
  for (const run of others) {
    const difference = differenceOf(first.k6!, run.k6!)
    if (difference !== null) return `Runs ${first.id} and ${run.id} differ in ${difference} of k6.`
  }
  return null
}

const ASKED = {
  version: 'the version',
  ratePerSecond: 'the rate',
  durationNs: 'the duration',
  warmUpNs: 'the warm-up',
  virtualUsers: 'the virtual users',
  segments: 'the segments',
  sessions: 'the sessions',
} as const satisfies Record<Exclude<keyof K6Study, 'cells'>, string>

function differenceOf(a: K6Study, b: K6Study): string | null {
  const names = Object.keys(ASKED) as (keyof typeof ASKED)[]
  const name = names.find((one) => a[one] !== b[one])
  return name === undefined ? null : `${ASKED[name]} (${a[name]} and ${b[name]})`
}

/** The cells of every place side by side, their files in the merged run's folder. No percentile holds two places. */
export function unitedK6(parts: readonly Part[], store: Store): K6Study | null {
  const [first] = parts
  const study = first?.run.k6 ?? null
  if (study === null) return null
  return { ...study, cells: parts.flatMap((part) => part.run.k6!.cells.map((cell) => takeK6(cell, part, store))) }
}

function takeK6(cell: K6Cell, part: Part, store: Store): K6Cell {
  if (cell.outcome === 'failed') return { ...cell, message: `In run ${part.run.id}: ${cell.message}` }
  if (cell.outcome !== 'measured') return cell
  const from = fileOf(part, cell.samples)
  if (readSamples(from).length !== cell.answered)
    throw new SqlatencyError('RUN_UNREADABLE', `${from} does not hold the ${cell.answered} answers of its run.`)
  const samples = placed(part, cell.samples)
  store.write(samples, readFileSync(from))
  return { ...cell, samples }
}
