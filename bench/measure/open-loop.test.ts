import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Question, Rows } from '../contract/index.ts'
import { seededRandom } from '../contract/index.ts'
import { timetable } from './arrivals.ts'
import { now, stopwatch } from './clock.ts'
import { closedLoop } from './closed-loop.ts'
import type { QuestionSource } from './draw.ts'
import type { OpenBudget, OpenRecording } from './open-loop.ts'
import { openLoop } from './open-loop.ts'
import { FifoServer, replay } from './testing/fifo-server.ts'

/** Questions that count up, so that a test can see which were asked. */
function counting(once: boolean): QuestionSource {
  let next = 0
  return { once, block: (length) => Array.from({ length }, (): Question => [next++]) }
}

const NO_ROWS: Rows = []

function spin(ns: number): void {
  const until = now() + BigInt(ns)
  while (now() < until);
}

const responses = ({ intendedNs, endNs }: OpenRecording): number[] => [...endNs].map((end, n) => end - intendedNs[n]!)
const rank = (values: readonly number[], p: number): number =>
  values.toSorted((a, b) => a - b)[Math.ceil(p * values.length) - 1]!

describe.each(['sync', 'async'] as const)('%s open loop', (mode) => {
  const loop = (run: (question: Question) => Rows, budget: OpenBudget, once = false): Promise<OpenRecording> =>
    openLoop(mode === 'sync' ? { mode, run } : { mode, run: async (question) => run(question) }, counting(once), budget)

  test('nothing is lost, nothing is early, and the intended times are the timetable', async () => {
    const load = fc.record({
      ratePerSecond: fc.integer({ min: 100, max: 30_000 }),
      arrivals: fc.constantFrom('poisson' as const, 'constant' as const),
      durationNs: fc.integer({ min: 1e6, max: 8e6 }),
    })
    await fc.assert(
      fc.asyncProperty(load, fc.integer(), fc.integer({ min: 1, max: 50 }), fc.nat(200_000), async (...drawn) => {
        const [asked, seed, concurrency, workNs] = drawn
        const intendedNs = timetable(asked, seededRandom(seed))
        const seen: unknown[] = []
        const run = (question: Question): Rows => (seen.push(question[0]), spin(workNs), NO_ROWS)
        const endOfRunNs = asked.durationNs * 1.2
        const recording = await loop(run, { intendedNs, concurrency, endOfRunNs }, true)
        const { startNs, endNs, failed } = recording
        const issued = startNs.length
        expect(recording.intendedNs).toEqual(timetable(asked, seededRandom(seed)))
        expect([endNs.length, failed.length, seen.length]).toEqual([issued, issued, issued])
        // Each question once and in order: what was issued is the beginning of the timetable, the rest is unissued.
        expect(seen).toEqual(Array.from({ length: issued }, (_, n) => n))
        for (let n = 0; n < issued; n += 1) {
          expect(startNs[n]).toBeGreaterThanOrEqual(intendedNs[n]!)
          expect(startNs[n]).toBeLessThan(endOfRunNs)
          expect(endNs[n]! - startNs[n]!).toBeGreaterThanOrEqual(workNs)
        }
        if (issued < intendedNs.length) expect(intendedNs[issued]).toBeLessThanOrEqual(endOfRunNs)
      }),
      { numRuns: 25 },
    )
  })

  test('what arrives during a stall waits for its end, and the wait is counted from its arrival', async () => {
    let asked = 0
    const intendedNs = timetable({ ratePerSecond: 1000, arrivals: 'constant', durationNs: 60e6 }, seededRandom(1))
    const run = (): Rows => (spin((asked += 1) === 11 ? 30e6 : 1000), NO_ROWS)
    const recording = await loop(run, { intendedNs, concurrency: 1024, endOfRunNs: 1e9 })
    const stallEndNs = recording.startNs[10]! + 30e6
    for (let n = 11; n < 60 && intendedNs[n]! < stallEndNs; n += 1) {
      expect(responses(recording)[n]).toBeGreaterThanOrEqual(stallEndNs - intendedNs[n]!)
    }
    expect(recording.startNs.length).toBe(60)
  })

  test('what could not be issued before the end is not issued after it, and stays in the timetable', async () => {
    const intendedNs = timetable({ ratePerSecond: 10_000, arrivals: 'constant', durationNs: 10e6 }, seededRandom(1))
    const {
      startNs,
      endNs,
      intendedNs: offered,
    } = await loop(() => (spin(3e6), NO_ROWS), {
      intendedNs,
      concurrency: 1,
      endOfRunNs: 10e6,
    })
    expect(startNs.length).toBeGreaterThan(0)
    expect(startNs.length).toBeLessThanOrEqual(4)
    expect(offered.length).toBe(100)
    expect(endNs.every((end) => end > 0)).toBe(true)
  })

  test('an operation that throws keeps its place and its code, and the timetable goes on', async () => {
    let asked = 0
    const intendedNs = timetable({ ratePerSecond: 5000, arrivals: 'poisson', durationNs: 10e6 }, seededRandom(1))
    const run = (): Rows => {
      asked += 1
      if (asked % 10 === 0) throw Object.assign(new Error('busy'), { code: 'SQLITE_BUSY' })
      return NO_ROWS
    }
    const { failed, errors, firstError, startNs } = await loop(run, { intendedNs, concurrency: 8, endOfRunNs: 1e9 })
    expect(startNs.length).toBe(50)
    expect(errors).toEqual(new Map([['SQLITE_BUSY', 5]]))
    expect([...failed].flatMap((one, n) => (one === 1 ? [n] : []))).toEqual([9, 19, 29, 39, 49])
    expect(firstError).toMatchObject({ message: 'busy' })
  })
})

test('the clock is not subtracted: an operation that does nothing takes a reading of it', async () => {
  const clock = stopwatch()
  let closest = Infinity
  for (let n = 0, before = clock(); n < 100_000; n += 1) {
    const after = clock()
    closest = Math.min(closest, after - before)
    before = after
  }
  const { startNs, endNs } = await openLoop({ mode: 'sync', run: () => NO_ROWS }, counting(false), {
    intendedNs: new Float64Array(5000),
    concurrency: 1,
    endOfRunNs: 60e9,
  })
  const services = endNs.map((end, n) => end - startNs[n]!)
  expect(Math.min(...services)).toBeGreaterThanOrEqual(closest / 2)
})

test('no more than the allowed number are under way, and a place that gets free is taken', async () => {
  let [underWay, most, ended] = [0, 0, 0]
  const run = async (): Promise<Rows> => {
    underWay += 1
    most = Math.max(most, underWay)
    await new Promise((resolve) => setTimeout(resolve, 1))
    underWay -= 1
    ended += 1
    return NO_ROWS
  }
  const intendedNs = timetable({ ratePerSecond: 20_000, arrivals: 'constant', durationNs: 5e6 }, seededRandom(1))
  const { startNs } = await openLoop({ mode: 'async', run }, counting(false), {
    intendedNs,
    concurrency: 7,
    endOfRunNs: 60e9,
  })
  expect([most, ended, startNs.length]).toEqual([7, 100, 100])
})

const throwing = (): Promise<Rows> => {
  throw new Error('at once')
}

test('a driver that throws instead of rejecting is an error like any other', async () => {
  const intendedNs = timetable({ ratePerSecond: 1000, arrivals: 'constant', durationNs: 5e6 }, seededRandom(1))
  const { errors } = await openLoop({ mode: 'async', run: throwing }, counting(false), {
    intendedNs,
    concurrency: 2,
    endOfRunNs: 1e9,
  })
  expect(errors).toEqual(new Map([['UNKNOWN', 5]]))
})

const STALL = { operationNs: 300_000, stallNs: 200e6, stallAtNs: 200e6 } as const

test.each(['sync', 'async'] as const)(
  'a stall shows in full: p95 and p99 equal the exact replay of the same arrivals, which a closed loop misses (%s)',
  async (mode) => {
    const operation = (server: FifoServer) =>
      mode === 'sync' ? ({ mode, run: server.sync } as const) : ({ mode, run: server.async } as const)
    const server = new FifoServer(STALL)
    const intendedNs = timetable({ ratePerSecond: 500, arrivals: 'poisson', durationNs: 1e9 }, seededRandom(3))
    const recording = await openLoop(operation(server), counting(false), {
      intendedNs,
      concurrency: 1024,
      endOfRunNs: 30e9,
    })
    const truth = replay(recording, server.serviceNs)
    expect(truth.length).toBe(500)
    for (const p of [0.95, 0.99]) {
      expect(rank(truth, p)).toBeGreaterThan(100e6)
      expect(Math.abs(rank(responses(recording), p) / rank(truth, p) - 1)).toBeLessThan(0.02)
    }
    const { durationsNs } = await closedLoop(operation(new FifoServer(STALL)), counting(false), {
      durationNs: 700e6,
      maxOperations: 1e6,
      minOperations: 600,
    })
    expect(rank([...durationsNs], 0.99)).toBeLessThan(rank(truth, 0.95) / 2)
  },
)
