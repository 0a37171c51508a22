import { asked } from '../analyze/asked.ts'
import { changeOf } from '../analyze/contest.ts'
import { detectable, judgeAll } from '../analyze/gate.ts'
import { rankedLoad } from '../analyze/ranked-load.ts'
import { hodgesLehmannShift, rankSumP } from '../analyze/rank-sum.ts'
import { steadyOf } from '../analyze/steady.ts'
import type { Gate, GateCell, GateRules, MeasuredCell, Run, SideFacts, Shift } from '../contract/index.ts'
import { loadKey, SqlatencyError } from '../contract/index.ts'
import { differencesOf } from './differences.ts'

/**
 * Two stored runs. Their rounds are not paired: round n of one has nothing in common with round n of the other but its
 * questions, so pairing them would claim that what disturbed cancels. It informs; it cannot decide (docs/method.md).
 */
export function compareStored(base: Run, head: Run, rules: GateRules): Gate {
  const shared = databases(head).flatMap((after) => {
    const before = databases(base).find((cell) => isSame(cell, after))
    return before === undefined ? [] : [{ before, after }]
  })
  if (shared.length === 0)
    throw new SqlatencyError('USAGE', `Runs ${base.id} and ${head.id} have no measured cell in common.`)
  const judgements = judgeAll(
    shared.map(({ before, after }) => shiftOf(medians(before), medians(after), rules.alpha)),
    rules,
  )
  const compared = shared.map(({ before, after }, n): GateCell => {
    const judgement = judgements[n]!
    const unsteady = (
      [
        ['base', before],
        ['head', after],
      ] as const
    ).flatMap(([side, cell]) => (steadyOf(cell.rounds) === false ? [side] : []))
    const contest = { pairs: [], change: changeOf(judgement), holmP: judgement.holmP, verdict: judgement.verdict }
    return {
      ...nameOf(after, head),
      definition: definitionOf(after.scenario, base, head),
      outcome: {
        kind: 'compared',
        verdict: unsteady.length > 0 && judgement.verdict === 'same' ? 'inconclusive' : judgement.verdict,
        unsteady,
        first: contest,
        confirmation: null,
        baseNs: before.estimates.p50.valueNs,
        headNs: after.estimates.p50.valueNs,
        p99: tailChange(before, after, rules.alpha),
        repeated: 0,
      },
    }
  })
  return {
    schema: 1,
    id: `${base.id} and ${head.id}`,
    startedAt: base.startedAt,
    finishedAt: head.finishedAt ?? head.startedAt,
    kind: 'stored',
    outcome: 'passed',
    rules,
    seed: head.seed,
    plan: head.plan,
    host: head.host,
    placement: head.placement,
    base: factsOf(base),
    head: factsOf(head),
    differences: differencesOf(base, head),
    cells: [...compared, ...alone(head, base, 'head'), ...alone(base, head, 'base')],
    controls: [],
  }
}

/** Measured cells, without the harness's own. */
/** Of the one load that a run ranks: those of a sweep are its own. */
function databases(run: Run): MeasuredCell[] {
  const ranked = loadKey(rankedLoad(run))
  const nothing = new Set(run.backends.filter(({ traits }) => traits.includes('null')).map(({ id }) => id))
  return run.cells.filter(isMeasured).filter(({ backend, load }) => !nothing.has(backend) && loadKey(load) === ranked)
}

const isMeasured = (cell: Run['cells'][number]): cell is MeasuredCell => cell.outcome === 'measured'
const isSame = (a: MeasuredCell, b: MeasuredCell): boolean =>
  a.backend === b.backend && a.scenario === b.scenario && loadKey(a.load) === loadKey(b.load)
const medians = ({ rounds }: MeasuredCell): number[] => rounds.map(({ p50Ns }) => p50Ns)

const factsOf = ({ id, harness }: Run): SideFacts => ({
  name: `run ${id}`,
  commit: harness.commit,
  harness: { version: harness.version, from: 'that time' },
  build: '',
  run: id,
})

function nameOf({ backend, scenario }: { backend: string; scenario: string }, run: Run) {
  return { backend, scenario, title: run.scenarios.find(({ id }) => id === scenario)?.title ?? scenario }
}

function alone(run: Run, other: Run, side: 'base' | 'head'): GateCell[] {
  return databases(run)
    .filter((cell) => !databases(other).some((one) => isSame(one, cell)))
    .map((cell) => ({ ...nameOf(cell, run), definition: 'same', outcome: { kind: 'only', side } }))
}

/** As far as a stored run tells: statements and data, not how arguments were drawn. */
function definitionOf(scenario: string, base: Run, head: Run): GateCell['definition'] {
  if (asked(scenario, base) !== asked(scenario, head)) return 'changed'
  const [before, after] = [base, head].map((run) => run.scenarios.find(({ id }) => id === scenario))
  const differ = before?.answers !== after?.answers && before?.answers !== null && after?.answers !== null
  return differ ? 'changed, answers differ' : 'same'
}

function shiftOf(before: readonly number[], after: readonly number[], alpha: number): Shift {
  const [from, to] = [before.map(Math.log), after.map(Math.log)]
  const { estimate, low, high } = hodgesLehmannShift(from, to, alpha)
  return { estimate, low, high, p: rankSumP(from, to), detectable: detectable(low, high, alpha) }
}

function tailChange(before: MeasuredCell, after: MeasuredCell, alpha: number) {
  const [from, to] = [before, after].map(({ rounds }) =>
    rounds.flatMap(({ p99Ns }) => (p99Ns === null ? [] : [p99Ns])),
  ) as [number[], number[]]
  if (from.length < before.rounds.length || to.length < after.rounds.length) return null
  return changeOf(shiftOf(from, to, alpha))
}
