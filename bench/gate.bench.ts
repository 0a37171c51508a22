import { spawn } from 'node:child_process'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { change, duration, list } from '../reports/format.ts'
import { GATE_DEFAULTS, isFlagged } from './analyze/gate.ts'
import { median } from './analyze/quantiles.ts'
import type { Round } from './contract/index.ts'
import { conduct } from './run/conduct.ts'
import { judged } from './run/gate.ts'
import { SEED } from './self/budget.ts'
import { inFreshProcess, signal } from './self/fresh.ts'

/**
 * Does the gate find what is there, and nothing else? Comparisons of a SELECT with itself and with a slowdown that was
 * put there, by the conductor that `sqlatency compare` uses. A benchmark and no test: it takes a quarter of an hour.
 */
const { values: flags } = parseArgs({
  options: {
    same: { type: 'string', default: '60' },
    slower: { type: 'string', default: '30' },
    /** Busy loops beside it. */
    load: { type: 'string', default: '0' },
  },
})

const ROUND_NS = 30e6
const burners = Array.from({ length: Number(flags.load) }, () =>
  spawn('nice', ['-n', '10', process.execPath, '-e', 'for (;;);'], { stdio: 'ignore' }),
)

const round = (turns: number, repetition: number): ReturnType<typeof inFreshProcess<'gated'>> =>
  inFreshProcess('gated', { turns, repetition, roundNs: ROUND_NS })

/** Turns that are surely seen: the first few are done beside what the processor waits for anyway. */
const [FEW, MANY] = [100, 400]
const CALIBRATIONS = 15

interface Calibrated {
  readonly baseNs: number
  readonly turnNs: number
  /** What the few turns cost less than their number says. */
  readonly hiddenNs: number
}

/** Medians of interleaved rounds without, with few and with many turns. */
async function calibrate(): Promise<Calibrated> {
  const seen = new Map<number, number[]>([0, FEW, MANY].map((turns) => [turns, []]))
  for (let repetition = 0; repetition < CALIBRATIONS; repetition += 1)
    for (const [turns, all] of seen) all.push((await round(turns, repetition)).p50Ns)
  const [baseNs, few, many] = [...seen.values()].map(median) as [number, number, number]
  const turnNs = (many - few) / (MANY - FEW)
  return { baseNs, turnNs, hiddenNs: baseNs + FEW * turnNs - few }
}

/** One comparison, from its first pair to its verdict. @returns whether it was flagged, and the change it saw */
async function compareOnce(turns: number, nth: number): Promise<{ flagged: boolean; value: number; pairs: number }> {
  const rules = GATE_DEFAULTS
  const all = await conduct([{ cell: { backend: 'select', scenario: String(nth) }, isControlled: false }], {
    rules,
    seed: SEED + nth,
    signal,
    repetitions: Array.from({ length: 1000 }, (_, n) => n).values(),
    progress: () => undefined,
    async ask(side, { repetition }) {
      const made = await round(side === 'head' ? turns : 0, repetition)
      return { kind: 'measured', round: { ...made, repetition, p99Ns: null } as Round }
    },
  })
  signal.throwIfAborted()
  const [{ contest }] = judged(all, rules) as [ReturnType<typeof judged>[number]]
  return { flagged: isFlagged(contest.verdict), value: contest.change.value, pairs: contest.pairs.length }
}

async function series(name: string, turns: number, count: number): Promise<void> {
  if (count === 0) return
  let flagged = 0
  const seen: { value: number; pairs: number }[] = []
  for (let nth = 0; nth < count; nth += 1) {
    const one = await compareOnce(turns, nth)
    if (one.flagged) flagged += 1
    seen.push(one)
    process.stderr.write(`${name}: ${flagged} flagged of ${nth + 1} (${change(one.value)}, ${one.pairs} pairs)\n`)
  }
  const values = seen.map(({ value }) => value)
  const said = [
    `flagged ${flagged} of ${count}`,
    `median change seen ${change(median(values))}`,
    `${Math.round(median(seen.map(({ pairs }) => pairs)))} pairs`,
  ]
  process.stdout.write(`${name.padEnd(16)} ${list(said)}\n`)
}

try {
  const { baseNs, turnNs, hiddenNs } = await calibrate()
  process.stdout.write(
    `an operation of ${duration(baseNs)}, slowed by turns of ${duration(turnNs)}, of which ${duration(Math.max(0, hiddenNs))} are not seen; ${flags.load} busy loops beside it\n`,
  )
  await series('the same', 0, Number(flags.same))
  for (const slowdown of [0.05, 0.1])
    await series(
      `${change(slowdown)} injected`,
      Math.round((slowdown * baseNs + hiddenNs) / turnNs),
      Number(flags.slower),
    )
} catch (error) {
  if (!signal.aborted) throw error
  process.exitCode = 130
} finally {
  for (const burner of burners) burner.kill('SIGKILL')
}
