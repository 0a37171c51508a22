import { GATE_DEFAULTS, judge, logRatios, pairedShift } from '../../analyze/gate.ts'
import { signedRankCritical } from '../../analyze/intervals.ts'
import { quantiles } from '../../analyze/quantiles.ts'
import type { Random, Verdict } from '../../contract/index.ts'
import { seededRandom } from '../../contract/index.ts'
import type { Bench, Check } from '../check.ts'
import type { Row } from '../row.ts'
import { between, exactly, near } from '../row.ts'
import { normal } from '../synthetic/shapes.ts'
import { record } from './closed-loop.ts'

const COMPARISONS = 400
/** Of the logarithm of a round's p50: a machine of average quietness. */
const ROUND_SD = 0.015
/** One round in so many meets a neighbour, and takes half as long again. */
const DISTURBED = 50
const { alpha, threshold, pairsFirst } = GATE_DEFAULTS

/** Invented pairs: what becomes of a change that is known, how often? Seeded, so the counts are the same on every machine. */
const EXPECTED: readonly (readonly [change: number, pairs: number, verdict: Verdict, least: number, most: number])[] = [
  [0, pairsFirst, 'slower', 0, 0.01],
  [0, pairsFirst, 'faster', 0, 0.01],
  [0, 40, 'same', 0.9, 1],
  [0.05, 20, 'slower', 0.9, 1],
  [0.1, pairsFirst, 'slower', 0.75, 1],
  [-0.1, pairsFirst, 'faster', 0.75, 1],
]
/** An interval of 99 % may miss in one case of a hundred; so many more are chance. */
const COVERED = 0.975

/** Critical ranks at alpha .01 that can be looked up; 7 pairs cannot reach it. Hollander, Wolfe and Chicken, table A.4. */
const CRITICAL = [
  [8, 1],
  [10, 4],
  [20, 38],
] as const

/** A change of known size gets the verdict that it deserves, and no change gets none. */
export const gateCheck: Check = {
  id: 'gate',
  title: 'The gate on pairs of rounds with a known change',
  async run(bench) {
    return [
      exactly('pairs too few for alpha .01', 0, signedRankCritical(7, 0.01) ?? 0),
      ...CRITICAL.map(([n, k]) => exactly(`critical rank of ${n} pairs`, k, signedRankCritical(n, 0.01) ?? 0)),
      ...EXPECTED.map(verdicts),
      covered(),
      ...(bench.timed ? await measuredRounds(bench) : []),
    ]
  },
}

function verdicts([change, pairs, verdict, least, most]: (typeof EXPECTED)[number]): Row {
  const random = seededRandom('gate', change, pairs)
  let found = 0
  for (let n = 0; n < COMPARISONS; n += 1)
    if (judge(pairedShift(invented(random, pairs, change), alpha), threshold) === verdict) found += 1
  const name = `${change * 100} % in ${pairs} pairs: ${verdict}`
  return between(name, 'count', most === 1 ? COMPARISONS : 0, found, [least * COMPARISONS, most * COMPARISONS])
}

function covered(): Row {
  const random = seededRandom('gate', 'covered')
  const truth = Math.log1p(0.05)
  let held = 0
  for (let n = 0; n < COMPARISONS; n += 1) {
    const { low, high } = pairedShift(invented(random, pairsFirst, 0.05), alpha)
    if (low !== null && high !== null && low <= truth && truth <= high) held += 1
  }
  return between('intervals that hold a change of 5 %', 'count', COMPARISONS, held, [
    COVERED * COMPARISONS,
    COMPARISONS,
  ])
}

/** Pairs of p50 with the noise of rounds, through the same function as those of a run. */
function invented(random: Random, pairs: number, change: number): number[] {
  const round = (of: number): number =>
    of * Math.exp(ROUND_SD * normal(random)) * (random.integer(DISTURBED) === 0 ? 1.5 : 1)
  const sides = Array.from({ length: pairs }, () => [round(1e5), round(1e5 * (1 + change))] as const)
  return logRatios(
    sides.map(([base]) => base),
    sides.map(([, head]) => head),
  )
}

const OPERATIONS = 500
const SLOWER = 1.1

/** Rounds that were measured, of a backend that is 10 % slower on one side. */
async function measuredRounds({ signal }: Bench): Promise<Row[]> {
  const round = async (scale: number): Promise<number> => {
    signal.throwIfAborted()
    const { recording } = await record('sync', 'constant', OPERATIONS, scale)
    return quantiles([recording.durationsNs], [0.5])[0]!
  }
  const [base, head]: [number[], number[]] = [[], []]
  for (let pair = 0; pair < pairsFirst; pair += 1) {
    base.push(await round(1))
    head.push(await round(SLOWER))
  }
  const shift = pairedShift(logRatios(base, head), alpha)
  return [
    near('measured rounds, one side 1.1 times as slow', 'number', SLOWER, Math.exp(shift.estimate), 0.02),
    near('  found to be slower', 'count', 1, Number(judge(shift, threshold) === 'slower'), 0),
  ]
}
