import { describe, expect, test } from 'vitest'
import { EXIT } from '../contract/index.ts'
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
const QUANTILES = 'bench/analyze/quantiles.ts'

const mutations: readonly Mutation[] = [
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
    name: 'a percentile is off by one rank, where values are counted',
    check: 'ranks',
    edits: [{ file: QUANTILES, from: 'left >= counts[low]!', to: 'left > counts[low]!' }],
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
    name: 'lag is counted from the end of the last poll that missed',
    check: 'lag',
    edits: [{ file: 'bench/measure/lag.ts', from: '= [start, position]', to: '= [end + 500_000n, position]' }],
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
