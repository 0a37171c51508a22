import { contests, changeOf, finalVerdict } from '../analyze/contest.ts'
import { isFlagged, logRatios, pairedShift } from '../analyze/gate.ts'
import { median } from '../analyze/quantiles.ts'
import { steadyOf } from '../analyze/steady.ts'
import type {
  CellName,
  Change,
  Contest,
  Gate,
  GateCell,
  GateControl,
  GatePair,
  GateRules,
  Round,
  Run,
  SideFacts,
  Verdict,
} from '../contract/index.ts'
import type { Bout, Bouts } from './conduct.ts'
import { differencesOf } from './differences.ts'

interface Party {
  readonly facts: SideFacts
  /** As it was before its first round. */
  readonly run: Run
}

export interface GateInput {
  readonly id: string
  readonly startedAt: string
  readonly rules: GateRules
  readonly isInterrupted: boolean
  readonly base: Party
  readonly head: Party
  readonly definitions: ReadonlyMap<string, GateCell['definition']>
  readonly first: readonly Bouts[]
  readonly again: readonly Bouts[]
}

/** What was measured, judged. */
export function gateOf(input: GateInput): Gate {
  const { base, head, first, again, rules } = input
  const begun = judged(first, rules)
  const confirmed = judged(again, rules)
  const cells = allCells(base.run, head.run).map((name): GateCell => {
    const scenario = [head, base].flatMap(({ run }) => run.scenarios).find(({ id }) => id === name.scenario)
    const definition = input.definitions.get(name.scenario) ?? 'same'
    return {
      ...name,
      title: scenario?.title ?? name.scenario,
      definition,
      outcome: outcomeOf(name, input, begun, confirmed),
    }
  })
  const controls = [...controlsOf(first, 'first', rules), ...controlsOf(again, 'confirmation', rules)]
  return {
    schema: 1,
    id: input.id,
    startedAt: input.startedAt,
    finishedAt: new Date().toISOString(),
    kind: 'interleaved',
    outcome: input.isInterrupted ? 'interrupted' : jobOutcome(cells, controls),
    rules,
    seed: base.run.seed,
    plan: base.run.plan,
    host: base.run.host,
    placement: base.run.placement,
    base: base.facts,
    head: head.facts,
    differences: differencesOf(base.run, head.run),
    cells,
    controls,
  }
}

function jobOutcome(cells: readonly GateCell[], controls: readonly GateControl[]): Gate['outcome'] {
  if (controls.some(({ contest }) => isFlagged(contest.verdict))) return 'invalid'
  const outcomes = cells.map(({ outcome }) => outcome)
  if (outcomes.some((outcome) => outcome.kind === 'compared' && outcome.verdict === 'slower')) return 'regression'
  return outcomes.some(({ kind }) => kind === 'failed') ? 'failed' : 'passed'
}

interface Judged extends Bouts {
  readonly contest: Contest
}

/** Comparisons of one stage, judged together. Cells without a pair are left out. */
export function judged(all: readonly Bouts[], rules: GateRules): Judged[] {
  const begun = all.filter(({ bouts }) => bouts.length > 0)
  const results = contests(
    begun.map(({ bouts }) => bouts.map((bout) => pairOf(bout, bout.head))),
    rules,
  )
  return begun.map((one, n) => ({ ...one, contest: results[n]! }))
}

function controlsOf(all: readonly Bouts[], stage: GateControl['stage'], rules: GateRules): GateControl[] {
  const controlled = all.filter(({ bouts, isControlled }) => isControlled && bouts.length > 0)
  const results = contests(
    controlled.map(({ bouts }) => bouts.map((bout) => pairOf(bout, bout.control!))),
    rules,
  )
  return controlled.map(({ cell }, n) => ({ ...cell, stage, contest: results[n]! }))
}

const pairOf = ({ repetition, base }: Bout, head: Round): GatePair => ({
  repetition,
  baseNs: base.p50Ns,
  headNs: head.p50Ns,
})

function outcomeOf(
  name: CellName,
  { base, head, first, again, rules, isInterrupted }: GateInput,
  begun: readonly Judged[],
  confirmed: readonly Judged[],
): GateCell['outcome'] {
  for (const [side, other] of [
    ['base', head],
    ['head', base],
  ] as const)
    if (!other.run.cells.some((cell) => isSame(cell, name))) return { kind: 'only', side }
  for (const [side, { run }] of [
    ['base', base],
    ['head', head],
  ] as const) {
    const cell = run.cells.find((one) => isSame(one, name))
    if (cell?.outcome !== 'failed') continue
    const { stage, code, message, remedy } = cell
    return { kind: 'failed', side, stage, code, message, remedy }
  }
  const trouble = [...first, ...again].find((one) => isSame(one.cell, name) && one.trouble !== null)?.trouble
  if (trouble !== undefined && trouble !== null) return { kind: 'failed', ...trouble }
  const one = begun.find(({ cell }) => isSame(cell, name))
  if (one === undefined) return { kind: 'pending' }
  const two = confirmed.find(({ cell }) => isSame(cell, name)) ?? null
  const bouts = [...one.bouts, ...(two?.bouts ?? [])]
  const unsteady = (['base', 'head'] as const).filter((side) => steadyOf(bouts.map((bout) => bout[side])) === false)
  return {
    kind: 'compared',
    verdict: saidOf(finalVerdict(one.contest, two?.contest ?? null), isInterrupted, unsteady.length > 0),
    unsteady,
    first: one.contest,
    confirmation: two?.contest ?? null,
    baseNs: median(bouts.map((bout) => bout.base.p50Ns)),
    headNs: median(bouts.map((bout) => bout.head.p50Ns)),
    p99: tailChange(bouts, rules),
    repeated: one.repeated + (two?.repeated ?? 0),
  }
}

/**
 * Stopped before it was decided, nothing is said. Without a steady state, two sides are not called the same; that one took
 * longer from a fresh process on is a difference all the same.
 */
function saidOf(verdict: Verdict, isInterrupted: boolean, isUnsteady: boolean): Verdict {
  return isInterrupted || (isUnsteady && verdict === 'same') ? 'inconclusive' : verdict
}

/** A round that was disturbed may hold too few operations for a p99; where most do, there is none. */
const MOST_WITH_TAIL = 2 / 3

/** Of the rounds' p99. It informs: its smallest detectable change is several times that of the median. */
function tailChange(bouts: readonly Bout[], { alpha }: GateRules): Change | null {
  const pairs = bouts.flatMap(({ base, head }) =>
    base.p99Ns === null || head.p99Ns === null ? [] : [[base.p99Ns, head.p99Ns] as const],
  )
  if (pairs.length < bouts.length * MOST_WITH_TAIL) return null
  const ratios = logRatios(
    pairs.map(([before]) => before),
    pairs.map(([, after]) => after),
  )
  return changeOf(pairedShift(ratios, alpha))
}

/** In the order of head, then what only base has. */
function allCells(base: Run, head: Run): CellName[] {
  const names = [...head.cells, ...base.cells].map(({ backend, scenario }) => ({ backend, scenario }))
  return names.filter((name, n) => names.findIndex((other) => isSame(other, name)) === n)
}

const isSame = (a: CellName, b: CellName): boolean => a.backend === b.backend && a.scenario === b.scenario
