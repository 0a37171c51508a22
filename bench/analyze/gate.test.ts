import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { seededRandom } from '../contract/index.ts'
import type { GateRules, Shift, Verdict } from '../contract/index.ts'
import { firstPairs, GATE_DEFAULTS, isPrecise, judge, judgeAll, logRatios, pairedShift, signedRankP } from './gate.ts'
import { hodgesLehmann } from './intervals.ts'
import { lognormalRounds } from './testing/noise.ts'

const { alpha, threshold } = GATE_DEFAULTS

/** Rounds that were really measured: a prepared SELECT in fresh processes on two shared cores, sides interleaved. */
const measured = JSON.parse(
  gunzipSync(readFileSync(new URL('testing/rounds.json.gz', import.meta.url))).toString('utf8'),
) as { keys: string[]; comparisons: { sides: Record<string, number[][]> }[] }

function verdicts(side: string): Partial<Record<Verdict, number>> {
  const column = measured.keys.indexOf('p50')
  const counted: Partial<Record<Verdict, number>> = {}
  for (const { sides } of measured.comparisons) {
    const [base, head] = [sides.A!, sides[side]]
    if (head === undefined) continue
    const ratios = logRatios(
      base.map((row) => row[column]!),
      head.map((row) => row[column]!),
    )
    const verdict = judge(pairedShift(ratios, alpha), threshold)
    counted[verdict] = (counted[verdict] ?? 0) + 1
  }
  return counted
}

describe('on measured rounds', () => {
  test('the same build is never called slower', () => {
    expect(verdicts('A2')).toEqual({ same: 24, inconclusive: 76 })
  })
  test('a slowdown of 5.7 %', () => {
    expect(verdicts('B5')).toEqual({ slower: 43, inconclusive: 7 })
  })
  test('a slowdown of 10.9 %', () => {
    expect(verdicts('B10')).toEqual({ slower: 50 })
  })
})

/** Every assignment of signs, listed: the values below which the signed-rank test still rejects a shift. */
function bruteInterval(values: readonly number[], level: number): [low: number, high: number] | null {
  const n = values.length
  const sums = Array.from({ length: 2 ** n }, (_, signs) => {
    let sum = 0
    for (let rank = 1; rank <= n; rank += 1) if ((signs & (1 << (rank - 1))) !== 0) sum += rank
    return sum
  })
  const likely = (sum: number): number => sums.filter((one) => one <= sum).length / 2 ** n
  /** Positive ranks of the values less a shift, ranked by their distance from it. */
  const positive = (shift: number): number =>
    values
      .map((value) => value - shift)
      .toSorted((a, b) => Math.abs(a) - Math.abs(b))
      .reduce((sum, difference, rank) => sum + (difference > 0 ? rank + 1 : 0), 0)
  const most = (n * (n + 1)) / 2
  const kept = (shift: number): boolean => {
    const sum = positive(shift)
    return likely(Math.min(sum, most - sum)) > level / 2
  }
  // The test changes its mind at the averages of pairs only, so looking between them finds every shift that is kept.
  const edges = values.flatMap((a, i) => values.slice(i).map((b) => (a + b) / 2)).toSorted((a, b) => a - b)
  const gaps = edges.slice(1).map((edge, i) => [edges[i]!, edge] as const)
  const inside = gaps.filter(([low, high]) => kept((low + high) / 2))
  if (inside.length === 0) return null
  if (kept(edges[0]! - 1)) return null
  return [inside[0]![0], inside.at(-1)![1]]
}

/** Averages that differ from one another and from zero, so that nothing is tied. */
const distinct = (n: number): fc.Arbitrary<number[]> =>
  fc.array(fc.integer({ min: -(2 ** 40), max: 2 ** 40 }), { minLength: n, maxLength: n }).filter((values) => {
    const sums = values.flatMap((a, i) => values.slice(i).map((b) => a + b))
    return new Set(sums).size === sums.length && !sums.includes(0)
  })

describe('Hodges-Lehmann', () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])(
    'n = %s: the interval is what enumerating all signs keeps',
    (n) => {
      fc.assert(
        fc.property(distinct(n), fc.constantFrom(0.01, 0.05), (values, level) => {
          const { low, high } = hodgesLehmann(values, level)
          expect(low === null || high === null ? null : [low, high]).toEqual(bruteInterval(values, level))
        }),
        { numRuns: n > 9 ? 5 : 30 },
      )
    },
  )

  test.each([1, 4, 8, 12])('n = %s: p is what enumerating all signs counts', (n) => {
    fc.assert(
      fc.property(distinct(n), (values) => {
        const ranked = values.toSorted((a, b) => Math.abs(a) - Math.abs(b))
        const sumOf = (isPositive: (rank: number) => boolean): number =>
          ranked.reduce((sum, _, rank) => sum + (isPositive(rank) ? rank + 1 : 0), 0)
        const seen = sumOf((rank) => ranked[rank]! > 0)
        const rarer = Math.min(seen, (n * (n + 1)) / 2 - seen)
        let asRare = 0
        for (let signs = 0; signs < 2 ** n; signs += 1)
          if (sumOf((rank) => (signs & (1 << rank)) !== 0) <= rarer) asRare += 1
        expect(signedRankP(values)).toBeCloseTo(Math.min(1, (2 * asRare) / 2 ** n), 12)
      }),
      { numRuns: 20 },
    )
  })

  test('p is at most alpha exactly when the interval lies on one side of zero, ties and zeros or not', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -3, max: 12 }), { minLength: 8, maxLength: 20 }),
        fc.constantFrom(0.01, 0.05),
        (values, level) => {
          const { low, high } = hodgesLehmann(values, level)
          expect(signedRankP(values) <= level).toBe(low! > 0 || high! < 0)
        },
      ),
    )
  })
})

const ratios = fc.array(fc.double({ min: -0.3, max: 0.3, noNaN: true }), { minLength: 1, maxLength: 25 })
const opposite = { slower: 'faster', faster: 'slower', same: 'same', inconclusive: 'inconclusive' } as const

const shift = (estimate: number, low: number | null, high: number | null): Shift => ({
  estimate,
  low,
  high,
  p: 0,
  detectable: null,
})

describe('the verdict', () => {
  test('of head against base mirrors that of base against head', () => {
    fc.assert(
      fc.property(ratios, (values) => {
        const mirrored = judge(
          pairedShift(
            values.map((value) => -value),
            alpha,
          ),
          threshold,
        )
        expect(mirrored).toBe(opposite[judge(pairedShift(values, alpha), threshold)])
      }),
    )
  })

  test('does not depend on the order of the pairs', () => {
    fc.assert(
      fc.property(ratios, (values) => {
        expect(pairedShift(values.toReversed(), alpha)).toEqual(pairedShift(values, alpha))
      }),
    )
  })

  test('is slower or faster only with an interval on one side of zero and an estimate beyond the threshold', () => {
    const delta = Math.log1p(threshold)
    expect(judge(shift(delta, 1e-9, 1), threshold)).toBe('slower')
    expect(judge(shift(delta, 0, 1), threshold)).toBe('inconclusive')
    expect(judge(shift(delta * 0.999, 1e-9, 1), threshold)).toBe('inconclusive')
    expect(judge(shift(delta * 0.9, 1e-9, delta * 0.999), threshold)).toBe('same')
    expect(judge(shift(0, -delta * 0.999, delta * 0.999), threshold)).toBe('same')
    expect(judge(shift(0, -delta, delta * 0.999), threshold)).toBe('inconclusive')
    expect(judge(shift(-delta, -1, -1e-9), threshold)).toBe('faster')
    expect(judge(shift(1, null, null), threshold)).toBe('inconclusive')
  })

  test('seven pairs can say nothing at alpha .01, eight can', () => {
    const slower = (pairs: number): Verdict =>
      judge(
        pairedShift(
          Array.from({ length: pairs }, (_, n) => 0.1 + n / 1000),
          alpha,
        ),
        threshold,
      )
    expect(slower(7)).toBe('inconclusive')
    expect(slower(8)).toBe('slower')
  })
})

describe('many comparisons', () => {
  test('a p that one comparison would pass is not enough among many', () => {
    const borderline = pairedShift([0.1, 0.11, 0.12, 0.13, 0.14, 0.15, 0.16, -0.01], 0.05)
    const quiet = pairedShift([0.001, -0.001, 0.002, -0.002, 0.003, -0.003, 0.004, -0.004], 0.05)
    const rules: GateRules = { ...GATE_DEFAULTS, alpha: 0.05 }
    expect(judgeAll([borderline], rules)[0]!.verdict).toBe('slower')
    const among = judgeAll([borderline, ...Array.from({ length: 5 }, () => quiet)], rules)
    expect(among.map(({ verdict }) => verdict)).toEqual(['inconclusive', 'same', 'same', 'same', 'same', 'same'])
  })

  test('begin with so many pairs that the first difference can pass', () => {
    expect(firstPairs(1, GATE_DEFAULTS)).toBe(10)
    for (let comparisons = 1; comparisons <= 100; comparisons += 1) {
      const pairs = firstPairs(comparisons, GATE_DEFAULTS)
      const clear = pairedShift(
        Array.from({ length: pairs }, (_, n) => (n < 2 ? -0.001 : 0.1 + n / 1e4)),
        alpha,
      )
      const rest = Array.from({ length: comparisons - 1 }, () => ({ ...clear, estimate: 0, low: -1, high: 1, p: 1 }))
      expect(judgeAll([clear, ...rest], GATE_DEFAULTS)[0]!.verdict, `${comparisons} comparisons`).toBe('slower')
    }
    expect(firstPairs(1000, { ...GATE_DEFAULTS, pairsMax: 12 })).toBe(12)
  })
})

/** The adaptive gate on simulated rounds. */
function simulate(key: string, effect: number, sd: number): { verdict: Verdict; pairs: number; detectable: number } {
  const random = seededRandom(20_261_125, key)
  const { pairsFirst, pairsStep, pairsMax } = GATE_DEFAULTS
  const values = lognormalRounds(random, pairsFirst, effect, sd)
  for (;;) {
    const seen = pairedShift(values, alpha)
    if (isPrecise(seen, threshold) || values.length >= pairsMax)
      return { verdict: judge(seen, threshold), pairs: values.length, detectable: seen.detectable! }
    values.push(...lognormalRounds(random, pairsStep, effect, sd))
  }
}

describe('simulated rounds with lognormal noise and stalls', () => {
  const repeats = 300
  const share = (name: string, effect: number, sd: number, wanted: Verdict): number => {
    const seen = Array.from({ length: repeats }, (_, n) => simulate(`${name} ${n}`, effect, sd).verdict)
    return seen.filter((verdict) => verdict === wanted).length / repeats
  }

  test.each([0.01, 0.03, 0.06])('without a change, noise of %s alarms in less than 1 %', (sd) => {
    expect(share('same', 0, sd, 'slower') + share('same', 0, sd, 'faster')).toBeLessThan(0.01)
  })

  test('a slowdown of 5 % is found in nine of ten, one of 10 % always', () => {
    expect(share('5 %', 0.05, 0.02, 'slower')).toBeGreaterThan(0.9)
    expect(share('10 %', 0.1, 0.02, 'slower')).toBe(1)
  })

  test('more pairs are taken where it is noisy, and only there', () => {
    expect(simulate('quiet', 0, 0.002).pairs).toBe(10)
    expect(simulate('noisy', 0, 0.1).pairs).toBe(40)
  })

  test('the number of pairs does not depend on the sign or the size of the change', () => {
    for (const n of Array.from({ length: 20 }, (_, one) => one)) {
      const pairs = [-0.1, 0, 0.1].map((effect) => simulate(`stop ${n}`, effect, 0.02).pairs)
      expect(new Set(pairs).size).toBe(1)
    }
  })

  test('a change of the detectable size is told from none in about four of five', () => {
    const shifts = (effect: number): Shift[] =>
      Array.from({ length: repeats }, (_, n) =>
        pairedShift(lognormalRounds(seededRandom(7, `size ${effect} ${n}`), 20, effect, 0.02, 0), alpha),
      )
    const sizes = shifts(0).map(({ detectable }) => detectable!)
    const typical = sizes.reduce((sum, size) => sum + size, 0) / repeats
    const found = shifts(typical).filter(({ low }) => low! > 0).length / repeats
    expect(found).toBeGreaterThan(0.7)
    expect(found).toBeLessThan(0.9)
  })
})
