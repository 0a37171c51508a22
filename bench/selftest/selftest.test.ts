import { fileURLToPath } from 'node:url'
import { describe, expect, test, vi } from 'vitest'
import { EXIT } from '../contract/index.ts'
import { processesNaming, project, start } from '../testing/cli.ts'
import type { Edit } from './testing/mutant.ts'
import { selftestOf } from './testing/mutant.ts'

/** Only what holds on any machine: a busy one must not fail a test. */
const ARGS = ['--quick', '--exact']

interface Mutation {
  readonly name: string
  /** The check that has to notice. */
  readonly check: string
  readonly edits: readonly Edit[]
}

const CLOCK = 'bench/measure/clock.ts'
const LOOP = 'bench/measure/closed-loop.ts'
const SYNC = 'bench/measure/dispatch-sync.ts'
const ASYNC = 'bench/measure/dispatch-async.ts'
const OPEN = 'bench/analyze/open-loop.ts'
const QUANTILES = 'bench/analyze/quantiles.ts'

/** The order statistics one rank below those that were asked for. */
const SHIFTED = `function shifted(parts: readonly Float64Array[], total: number, ranks: readonly number[]): Map<number, number> {
  const below = (rank: number): number => Math.max(0, rank - 1)
  const found = bySorting(parts, total, ranks.map(below))
  return new Map(ranks.map((rank) => [rank, found.get(below(rank))!]))
}
`

const mutations: readonly Mutation[] = [
  {
    name: 'the start time is taken after the wait, where responses are derived',
    check: 'open-loop',
    edits: [{ file: OPEN, from: 'waitNs[at] = startNs[n]! - intendedNs[n]!', to: 'waitNs[at] = 0' }],
  },
  {
    name: 'the start time is taken after the wait, by the sync dispatcher',
    check: 'open-loop',
    edits: [{ file: SYNC, from: 'startNs[n] = atNs', to: 'startNs[n] = intendedNs[n] = atNs' }],
  },
  {
    name: 'the start time is taken after the wait, by the async dispatcher',
    check: 'open-loop',
    edits: [
      {
        file: ASYNC,
        from: 'this.#stamps.startNs[n] = atNs',
        to: 'this.#stamps.startNs[n] = this.#stamps.intendedNs[n] = atNs',
      },
    ],
  },
  {
    name: 'a late arrival is dropped by the sync dispatcher',
    check: 'open-loop',
    edits: [
      {
        file: SYNC,
        from: 'if (atNs >= endOfRunNs) return n\n',
        to: 'if (atNs >= endOfRunNs) return n\n    if (atNs > dueNs + 5e6) continue\n',
      },
    ],
  },
  {
    name: 'a late arrival is dropped by the async dispatcher',
    check: 'overload',
    edits: [
      {
        file: ASYNC,
        from: 'const aheadNs = intendedNs[this.#next]! - atNs\n',
        to: 'const aheadNs = intendedNs[this.#next]! - atNs\n      if (aheadNs < -5e6) {\n        this.#next += 1\n        continue\n      }\n',
      },
    ],
  },
  {
    name: 'late arrivals are dropped from the figures, because they were never issued',
    check: 'overload',
    edits: [{ file: OPEN, from: 'intendedNs.subarray(startNs.length)', to: 'intendedNs.subarray(intendedNs.length)' }],
  },
  {
    name: 'the cost of the timer is subtracted from every latency',
    check: 'clock',
    edits: [{ file: CLOCK, from: 'high * HIGH_WORD + low', to: 'Math.max(0, high * HIGH_WORD + low - 27)' }],
  },
  {
    name: 'the cost of the timer is subtracted everywhere, so that the sums agree',
    check: 'clock',
    edits: [
      { file: CLOCK, from: 'high * HIGH_WORD + low', to: 'high * HIGH_WORD + low - 27' },
      {
        file: LOOP,
        from: 'const spentNs = Number(stamps[count]! - stamps[0]!)',
        to: 'const spentNs = Number(stamps[count]! - stamps[0]!) - 27 * count',
      },
    ],
  },
  {
    name: 'a percentile is off by one rank, where values are sorted',
    check: 'ranks',
    edits: [{ file: QUANTILES, from: '[rank, all[rank]!]', to: '[rank, all[Math.max(0, rank - 1)]!]' }],
  },
  {
    name: 'a percentile is off by one rank, where values are too many to be sorted',
    check: 'ranks',
    edits: [
      {
        file: QUANTILES,
        from: '{\n  return total < COUNTING_PAYS',
        to: '{\n  if (total >= COUNTING_PAYS) return shifted(parts, total, ranks)\n  return total < COUNTING_PAYS',
      },
      { file: QUANTILES, from: '/** Sorting is quicker below this. */', to: SHIFTED },
    ],
  },
  {
    name: 'a slow operation is thrown away as an outlier',
    check: 'closed-loop',
    edits: [
      {
        file: LOOP,
        from: '    this.operations += count\n',
        to: '    this.operations += this.#durations[this.operations]! > 1e6 ? 0 : count\n',
      },
    ],
  },
  {
    name: 'latencies are stored in the order of their size',
    check: 'pipeline',
    edits: [
      { file: 'bench/run/cell.ts', from: 'encodeSamples(durationsNs)', to: 'encodeSamples(durationsNs.toSorted())' },
    ],
  },
  {
    name: 'waits are stored as if nobody had waited',
    check: 'open-pipeline',
    edits: [
      { file: 'bench/run/cell.ts', from: 'encodeSamples(open.waitNs)', to: 'encodeSamples(open.waitNs.fill(0))' },
    ],
  },
  {
    name: 'lag is counted from the end of the last poll that missed',
    check: 'lag',
    edits: [{ file: 'bench/measure/lag.ts', from: '{ start, position })', to: '{ start: end + 500_000n, position })' }],
  },
]

describe('selftest', () => {
  test('passes, and has something to say', async () => {
    const { code, failed, rows, stderr } = await selftestOf([], ARGS)
    expect(failed, stderr).toEqual([])
    expect(code, stderr).toBe(EXIT.ok)
    expect(rows).toBeGreaterThan(40)
  })

  test.each(mutations)('notices when $name', async ({ check, edits }) => {
    const { code, failed, stderr } = await selftestOf(edits, [...ARGS, '--only', check])
    expect(failed, stderr).toEqual([check])
    expect(code).toBe(EXIT.invalid)
  })

  test('a mutation that finds nothing to change is an error', async () => {
    const edit = { file: CLOCK, from: 'no such text', to: '' }
    await expect(selftestOf([edit], ARGS)).rejects.toThrow('exactly once')
  })
})

const busy = (): number => processesNaming(fileURLToPath(new URL('stress-process.ts', import.meta.url))).length

describe('--stress', () => {
  test.each([
    ['SIGINT', EXIT.interrupted],
    ['SIGKILL', null],
  ] as const)('ends its busy processes on %s', async (signal, expected) => {
    const folder = project()
    const { child, finished } = start(folder, ['selftest', '--stress', '2', '--only', 'lag'], { TMPDIR: folder })
    await vi.waitUntil(() => busy() === 2, { timeout: 60_000 })
    child.kill(signal)
    expect((await finished).code).toBe(expected)
    await vi.waitUntil(() => busy() === 0, { timeout: 60_000 })
  })
})
