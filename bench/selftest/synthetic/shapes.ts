import type { Random } from '../../contract/index.ts'
import { seededRandom } from '../../contract/index.ts'

/** How the latencies of the synthetic backend are distributed. */
export const SHAPES = ['constant', 'two-point', 'lognormal', 'stalls'] as const
export type Shape = (typeof SHAPES)[number]

/** Long enough that two hundredths of it are more than two readings of the clock. */
const TYPICAL_NS = 20_000
const SLOW_NS = 200_000
/** Of the logarithm: p99 is three times p50. */
const SIGMA = 0.5
export const STALL_NS = 2_000_000
/** One operation in so many stalls, at places that are known beforehand. */
const STALL_EVERY = 97

function isStall(shape: Shape, operation: number): boolean {
  return shape === 'stalls' && operation % STALL_EVERY === STALL_EVERY - 1
}

/** What is intended for each operation. What it became, on whatever machine this is, the ledger tells. */
export function shaped(shape: Shape, operations: number, seed: number, scale: number): BigInt64Array {
  const random = seededRandom(seed, 'synthetic', shape)
  return BigInt64Array.from({ length: operations }, (_, n) =>
    BigInt(isStall(shape, n) ? STALL_NS : Math.round(draw(shape, random) * scale)),
  )
}

function draw(shape: Shape, random: Random): number {
  switch (shape) {
    case 'constant':
    case 'stalls':
      return TYPICAL_NS
    case 'two-point':
      return random.real() < 0.1 ? SLOW_NS : TYPICAL_NS / 2
    case 'lognormal':
      return TYPICAL_NS * Math.exp(SIGMA * normal(random))
  }
}

/** Box and Muller, Annals of Mathematical Statistics 29 (1958). */
export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.real())) * Math.cos(2 * Math.PI * random.real())
}
