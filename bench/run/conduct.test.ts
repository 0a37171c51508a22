import { describe, expect, test } from 'vitest'
import { GATE_DEFAULTS, isFlagged } from '../analyze/gate.ts'
import { NOT_JUDGED } from '../analyze/slow.ts'
import { lognormalRounds } from '../analyze/testing/noise.ts'
import type { GateRules, Round, SideName } from '../contract/index.ts'
import { seededRandom } from '../contract/index.ts'
import type { Bouts, Conduct } from './conduct.ts'
import { conduct } from './conduct.ts'
import { judged } from './gate.ts'

const round = (p50Ns: number, runqueueWaitNs = 0): Round => ({
  repetition: 0,
  order: 0,
  startedAt: '',
  connectNs: 0,
  warmUp: { operations: 0, durationNs: 0, transientNs: null, steady: null },
  operations: 1,
  measuredNs: 1e6,
  p50Ns,
  p99Ns: null,
  driftRatio: null,
  maxNs: 0,
  errors: [],
  samples: '',
  durability: null,
  rttNs: null,
  slow: NOT_JUDGED,
  open: null,
  witnesses: { runqueueWaitNs, involuntarySwitches: 0, stealTicks: 0, load1: 0, gcCount: 0, gcNs: 0, eventLoop: null },
})

interface Asked {
  readonly side: SideName
  readonly scenario: string
  readonly repetition: number
}

/** Sides that answer at once, with whatever is said here. */
function imagined(
  answer: (asked: Asked, nth: number) => Round | Error,
  changes: Partial<Conduct> = {},
): { conducting: Conduct; asked: Asked[] } {
  const asked: Asked[] = []
  const conducting: Conduct = {
    rules: GATE_DEFAULTS,
    seed: 1,
    signal: new AbortController().signal,
    repetitions: Array.from({ length: 10_000 }, (_, n) => n).values(),
    progress: () => undefined,
    async ask(side, { scenario, repetition }) {
      const one = { side, scenario, repetition }
      asked.push(one)
      const answered = answer(one, asked.length)
      return answered instanceof Error
        ? { kind: 'failed', stage: 'measure', code: 'BACKEND_FAILED', message: answered.message, remedy: '' }
        : { kind: 'measured', round: answered }
    },
    ...changes,
  }
  return { conducting, asked }
}

const cell = (scenario: string, isControlled = false) => ({ cell: { backend: 'own', scenario }, isControlled })

/** A p50 that a seed decides: the noise of a round, and what head adds. */
const noisy =
  (seed: string, sd: number, effect = 0) =>
  ({ side, scenario, repetition }: Asked): Round => {
    const random = seededRandom(seed, side, scenario, repetition)
    return round(1000 * Math.exp(lognormalRounds(random, 1, 0, sd)[0]! + (side === 'head' ? Math.log1p(effect) : 0)))
  }

describe('how many pairs', () => {
  test('ten where rounds are calm, forty where they never are, and only what is noisy goes on', async () => {
    const { conducting } = imagined((one) => noisy('a', one.scenario === 'calm' ? 0.001 : 0.2)(one))
    const [calm, wild] = await conduct([cell('calm'), cell('wild')], conducting)
    expect(calm!.bouts.length).toBeGreaterThanOrEqual(10)
    expect(calm!.bouts.length).toBeLessThan(15)
    expect(wild!.bouts).toHaveLength(40)
  })

  test('no more than the rules allow', async () => {
    const rules: GateRules = { ...GATE_DEFAULTS, pairsFirst: 3, pairsMax: 3 }
    const { conducting, asked } = imagined(noisy('b', 0.2), { rules })
    await conduct([cell('one')], conducting)
    expect(asked).toHaveLength(6)
  })

  test('as many for a slowdown as without one', async () => {
    const pairs = await Promise.all(
      [0, 0.5].map(async (effect) => {
        const { conducting } = imagined(noisy('c', 0.03, effect))
        const [one] = await conduct([cell('one')], conducting)
        return one!.bouts.length
      }),
    )
    expect(pairs[0]).toBe(pairs[1])
  })
})

describe('turns', () => {
  test('every repetition has every side once, in orders that differ; a control only where it is wanted', async () => {
    const { conducting, asked } = imagined(noisy('d', 0.001))
    const [one, two] = await conduct([cell('one', true), cell('two')], conducting)
    const turns = Object.values(Object.groupBy(asked, ({ scenario, repetition }) => `${scenario} ${repetition}`))
    for (const turn of turns) {
      const expected = turn![0]!.scenario === 'one' ? ['base', 'control', 'head'] : ['base', 'head']
      expect(turn!.map(({ side }) => side).toSorted()).toEqual(expected)
    }
    expect(new Set(turns.map((turn) => turn!.map(({ side }) => side).join())).size).toBeGreaterThan(4)
    expect(one!.bouts.every(({ control }) => control !== null)).toBe(true)
    expect(two!.bouts.every(({ control }) => control === null)).toBe(true)
  })

  test('a side that fails ends its cell and no other', async () => {
    const { conducting } = imagined((one, nth) =>
      one.scenario === 'bad' && nth > 20 ? new Error('gone') : noisy('e', 0.001)(one),
    )
    const [bad, good] = await conduct([cell('bad'), cell('good')], conducting)
    expect(bad!.trouble).toMatchObject({ message: 'gone' })
    expect(good!.trouble).toBeNull()
    expect(good!.bouts.length).toBeGreaterThanOrEqual(10)
  })

  test('a disturbed pair is repeated whole, with questions of its own, and the calmest counts', async () => {
    const { conducting, asked } = imagined(({ side, repetition }) =>
      round(1000, side === 'head' && repetition === 3 ? 5e5 : 0),
    )
    const [one] = await conduct([cell('one')], conducting)
    expect(one!.repeated).toBe(1)
    expect(asked).toHaveLength(2 * (one!.bouts.length + 1))
    expect(one!.bouts.map(({ repetition }) => repetition)).not.toContain(3)
  })

  test('on a machine that is always busy, repeating ends', async () => {
    const { conducting, asked } = imagined(() => round(1000, 5e5))
    const [one] = await conduct([cell('one')], conducting)
    expect(one!.repeated).toBe(GATE_DEFAULTS.pairsFirst)
    expect(asked).toHaveLength(2 * (10 + GATE_DEFAULTS.pairsFirst))
  })

  test('an interruption keeps what there is', async () => {
    const stop = new AbortController()
    const answer = (one: Asked, nth: number): Round => {
      if (nth === 9) stop.abort()
      return noisy('f', 0.1)(one)
    }
    const { conducting } = imagined(answer, { signal: stop.signal })
    const [one] = await conduct([cell('one')], conducting)
    expect(one!.bouts).toHaveLength(4)
  })
})

const flagged = (all: readonly Bouts[]): Bouts[] =>
  judged(all, GATE_DEFAULTS).filter(({ contest }) => isFlagged(contest.verdict))

describe('a whole job of twelve cells, simulated', () => {
  const twelve = Array.from({ length: 12 }, (_, n) => cell(`scenario-${n}`))
  /** First look and confirmation, as `compareSides` does them. */
  const flaggedIn = async (seed: string, effect: (scenario: string) => number): Promise<string[]> => {
    const { conducting } = imagined((one) => noisy(seed, 0.03, effect(one.scenario))(one))
    const first = flagged(await conduct(twelve, conducting))
    const again = flagged(await conduct(first, conducting))
    return again.map(({ cell: { scenario } }) => scenario)
  }
  const jobs = 25

  test('without a change there is no alarm in 300 comparisons', async () => {
    for (let job = 0; job < jobs; job += 1) expect(await flaggedIn(`none ${job}`, () => 0)).toEqual([])
  })

  test('one cell that is 10 % slower among twelve is found, and it alone', async () => {
    for (let job = 0; job < jobs; job += 1) {
      const found = await flaggedIn(`one ${job}`, (scenario) => (scenario === 'scenario-5' ? 0.1 : 0))
      expect(found).toEqual(['scenario-5'])
    }
  })
})
