import { LIMITS } from '../analyze/caveats.ts'
import { firstPairs, isPrecise, logRatios, pairedShift } from '../analyze/gate.ts'
import type { CellName, GateRules, Round, SideName, Trouble } from '../contract/index.ts'
import { ONE_CALLER, seededRandom, shuffled } from '../contract/index.ts'
import type { ScheduledRound } from './schedule.ts'
import type { RoundOutcome } from './side-protocol.ts'

/** A cell that both sides have. With a control, base runs once more in every repetition, on an installation of its own. */
export interface Contestants {
  readonly cell: CellName
  readonly isControlled: boolean
}

/** Rounds of one repetition, one after another in a shuffled order. */
export interface Bout {
  readonly repetition: number
  readonly base: Round
  readonly head: Round
  readonly control: Round | null
}

/** What came of a cell. */
export interface Bouts extends Contestants {
  readonly bouts: Bout[]
  /** Bouts that were run once more because something else took the processor. */
  repeated: number
  trouble: ({ readonly side: SideName } & Trouble) | null
}

export interface Conduct {
  readonly rules: GateRules
  readonly seed: number
  readonly signal: AbortSignal
  /** Counts on over both stages: no repetition is asked the questions of another. */
  readonly repetitions: Iterator<number>
  ask(side: SideName, round: ScheduledRound): Promise<RoundOutcome>
  /** After every turn of all cells that want more. */
  progress(pairs: number, open: number): void
}

/** A bout that something disturbed is tried again so often; the calmest counts. */
const MOST_REPEATS = 2

/**
 * Pairs of every cell, until its interval is narrow enough or there are as many as the rules allow. Cells and, within a
 * cell, sides come in a seeded shuffled order, so that what drifts or disturbs for a while meets all sides alike.
 * @returns what was measured, also when it was interrupted
 */
export async function conduct(cells: readonly Contestants[], conducting: Conduct): Promise<Bouts[]> {
  const { rules, signal } = conducting
  const all = cells.map((one): Bouts => ({ ...one, bouts: [], repeated: 0, trouble: null }))
  let open = all
  let wanted = firstPairs(cells.length, rules)
  try {
    for (let pairs = 0; open.length > 0; wanted = Math.min(wanted + rules.pairsStep, rules.pairsMax)) {
      for (; pairs < wanted && open.length > 0; pairs += 1) {
        await turn(open, conducting)
        open = open.filter(({ trouble }) => trouble === null)
        conducting.progress(pairs + 1, open.length)
      }
      open = open.filter(({ bouts }) => pairs < rules.pairsMax && !isPrecise(shiftOf(bouts, rules), rules.threshold))
    }
  } catch (error) {
    if (!signal.aborted) throw error
  }
  return all
}

/** One repetition of all cells that want more. */
async function turn(open: readonly Bouts[], conducting: Conduct): Promise<void> {
  const repetition = next(conducting)
  for (const one of shuffled(open, seededRandom(conducting.seed, 'cells', repetition))) {
    const bout = await calmest(one, repetition, conducting)
    if (bout !== null) one.bouts.push(bout)
  }
}

/** @returns null when a side failed */
async function calmest(one: Bouts, repetition: number, conducting: Conduct): Promise<Bout | null> {
  let best = await fight(one, repetition, conducting)
  for (let repeat = 0; repeat < MOST_REPEATS && best !== null; repeat += 1) {
    if (contention(best) <= LIMITS.runqueueShare) break
    // On a machine that is always busy, repeating only takes longer.
    if (one.repeated >= conducting.rules.pairsFirst) break
    one.repeated += 1
    const again = await fight(one, next(conducting), conducting)
    best = again === null || contention(again) < contention(best) ? again : best
  }
  return best
}

/** @returns null when a side failed, which ends this cell */
async function fight(one: Bouts, repetition: number, { ask, seed, signal }: Conduct): Promise<Bout | null> {
  const { backend, scenario } = one.cell
  const sides: SideName[] = one.isControlled ? ['base', 'head', 'control'] : ['base', 'head']
  const rounds = new Map<SideName, Round>()
  const order = shuffled(sides, seededRandom(seed, 'sides', repetition, backend, scenario))
  for (const [place, side] of order.entries()) {
    signal.throwIfAborted()
    const outcome = await ask(side, { backend, scenario, load: ONE_CALLER, repetition, order: place })
    if (outcome.kind === 'failed') {
      const { stage, code, message, remedy } = outcome
      one.trouble = { side, stage, code, message, remedy }
      return null
    }
    rounds.set(side, outcome.round)
  }
  return {
    repetition,
    base: rounds.get('base')!,
    head: rounds.get('head')!,
    control: rounds.get('control') ?? null,
  }
}

const shiftOf = (bouts: readonly Bout[], { alpha }: GateRules) =>
  pairedShift(
    logRatios(
      bouts.map(({ base }) => base.p50Ns),
      bouts.map(({ head }) => head.p50Ns),
    ),
    alpha,
  )

/** The largest share of a round in which its thread was ready and did not run. */
const contention = ({ base, head, control }: Bout): number =>
  Math.max(
    ...[base, head, control].map((round) =>
      round === null ? 0 : (round.witnesses.runqueueWaitNs ?? 0) / round.measuredNs,
    ),
  )

const next = ({ repetitions }: Conduct): number => repetitions.next().value as number
