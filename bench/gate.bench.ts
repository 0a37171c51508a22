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

/** Medians of interleaved rounds with few and with many turns. */
async function calibrate(): Promise<{ baseNs: number; turnNs: number }> {
  const many = 1000
  const [base, slow]: [number[], number[]] = [[], []]
  for (let repetition = 0; repetition < 7; repetition += 1) {
    base.push((await round(0, repetition)).p50Ns)
    slow.push((await round(many, repetition)).p50Ns)
  }
  return { baseNs: median(base), turnNs: (median(slow) - median(base)) / many }
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
    `${median(seen.map(({ pairs }) => pairs))} pairs`,
  ]
  process.stdout.write(`${name.padEnd(16)} ${list(said)}\n`)
}

try {
  const { baseNs, turnNs } = await calibrate()
  process.stdout.write(
    `a SELECT of ${duration(baseNs)}, slowed by turns of ${duration(turnNs)}; ${flags.load} busy loops beside it\n`,
  )
  await series('the same', 0, Number(flags.same))
  for (const slowdown of [0.05, 0.1])
    await series(`${change(slowdown)} injected`, Math.round((slowdown * baseNs) / turnNs), Number(flags.slower))
} catch (error) {
  if (!signal.aborted) throw error
  process.exitCode = 130
} finally {
  for (const burner of burners) burner.kill('SIGKILL')
}
