import { QUANTILES, quantiles } from '../../analyze/quantiles.ts'
import { seededRandom, shuffled } from '../../contract/index.ts'
import type { Check } from '../check.ts'
import { plainQuantile } from '../reference.ts'
import type { Row } from '../row.ts'
import { agrees, failedOr } from '../row.ts'

const PS = [0, ...QUANTILES, 1]

/** Sorted by construction, each with a trap of its own. All ways of the quantile code, for few values, for more and for many, get theirs. */
const DATA: Readonly<Record<string, readonly [length: number, value: (n: number) => number]>> = {
  'one value': [1, () => 42],
  'two values': [2, (n) => n * 1000],
  'squares, too few for order statistics': [120, (n) => n * n],
  'squares, few': [1999, (n) => n * n],
  'squares, many': [40_000, (n) => n * n],
  'ties across every rank': [30_000, (n) => Math.floor(n / 7)],
  'two values far apart, 1 in 100': [30_000, (n) => (n < 29_700 ? 700 : 4_000_000_000)],
  'beyond 32 bits': [30_000, (n) => n * 1_000_003],
  'a step at each 65,536': [25_000, (n) => 65_535 + n * 65_536],
}

/** One rank too high or too low shows on data in which no two neighbours are equal. */
export const ranksCheck: Check = {
  id: 'ranks',
  title: 'Ranks of percentiles on data whose order is known',
  run: () => Promise.resolve(Object.entries(DATA).flatMap(([name, data]) => ranks(name, ...data))),
}

function ranks(name: string, length: number, value: (n: number) => number): Row[] {
  const sorted = Float64Array.from({ length }, (_, n) => value(n))
  const measured = quantiles(parted(sorted), PS)
  return failedOr(
    `${name}: percentiles that agree`,
    PS.map((p, n) => agrees(`${name}: p${Number((p * 100).toFixed(2))}`, plainQuantile(sorted, p), measured[n]!)),
  )
}

/** In a seeded disorder, and in three parts of unequal length, as rounds are. */
function parted(sorted: Float64Array): Float64Array[] {
  const mixed = Float64Array.from(shuffled([...sorted], seededRandom('ranks', sorted.length)))
  const [a, b] = [Math.floor(mixed.length / 5), Math.floor(mixed.length / 2)]
  return [mixed.subarray(0, a), mixed.subarray(a, b), mixed.subarray(b)].filter((part) => part.length > 0)
}
