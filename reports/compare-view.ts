import type { Contest, Gate, GateCell, GateDifference, SideFacts, Verdict } from '../bench/contract/index.ts'
import { change, changeInterval, duration, list, MISSING, moment, percent, plural } from './format.ts'

/** One cell of a comparison in words. */
export interface CompareRow {
  readonly scenario: string
  readonly backend: string
  readonly base: string
  readonly head: string
  readonly change: string
  readonly interval: string
  /** The smallest change that would have been seen. */
  readonly detectable: string
  readonly p99: string
  readonly pairs: string
  readonly verdict: Verdict | 'failed' | 'not compared'
  readonly note: string
}

const ORDER: readonly CompareRow['verdict'][] = ['slower', 'failed', 'faster', 'inconclusive', 'same', 'not compared']

/** What matters first; otherwise in the order of the run. */
export function rowsOf(gate: Gate): CompareRow[] {
  return gate.cells
    .map((cell) => rowOf(cell, gate))
    .toSorted((a, b) => ORDER.indexOf(a.verdict) - ORDER.indexOf(b.verdict))
}

function rowOf(cell: GateCell, gate: Gate): CompareRow {
  const { outcome } = cell
  const names = { scenario: cell.title, backend: cell.backend }
  const nothing = {
    base: MISSING,
    head: MISSING,
    change: MISSING,
    interval: MISSING,
    detectable: MISSING,
    p99: MISSING,
    pairs: MISSING,
  }
  switch (outcome.kind) {
    case 'only':
      return { ...names, ...nothing, verdict: 'not compared', note: `only in ${outcome.side}` }
    case 'pending':
      return { ...names, ...nothing, verdict: 'not compared', note: 'interrupted before its first pair' }
    case 'failed':
      return { ...names, ...nothing, verdict: 'failed', note: `${outcome.side}: ${outcome.message} ${outcome.remedy}` }
    case 'compared': {
      const decided = outcome.confirmation ?? outcome.first
      const tail = outcome.p99
      return {
        ...names,
        base: duration(outcome.baseNs),
        head: duration(outcome.headNs),
        change: change(decided.change.value),
        interval: changeInterval(decided.change.low, decided.change.high),
        detectable: least(decided.change.detectable),
        p99: tail === null ? 'too few' : `${change(tail.value)} (${least(tail.detectable)})`,
        pairs: gate.kind === 'stored' ? MISSING : pairsOf(outcome.first, outcome.confirmation),
        verdict: outcome.verdict,
        note: notes(cell, outcome, gate),
      }
    }
  }
}

const least = (detectable: number | null): string => (detectable === null ? MISSING : `≥ ${percent(detectable)}`)

const pairsOf = (first: Contest, confirmation: Contest | null): string =>
  confirmation === null ? String(first.pairs.length) : `${first.pairs.length} + ${confirmation.pairs.length}`

function notes(cell: GateCell, outcome: Extract<GateCell['outcome'], { kind: 'compared' }>, { rules }: Gate): string {
  const { first, confirmation } = outcome
  const said: string[] = []
  if (confirmation !== null && outcome.verdict === 'inconclusive')
    said.push(`${first.verdict} at first (${change(first.change.value)}), not confirmed by fresh pairs`)
  if (confirmation !== null && outcome.verdict !== 'inconclusive')
    said.push(`at first ${change(first.change.value)}, confirmed by fresh pairs`)
  if (confirmation === null && outcome.verdict === 'inconclusive' && first.change.p <= rules.alpha)
    said.push(
      first.holmP > rules.alpha
        ? 'a difference, but none that chance would not bring among so many comparisons'
        : `a difference, but one whose estimate is below ${percent(rules.threshold)}`,
    )
  if (outcome.unsteady.length > 0)
    said.push(
      `no steady state in ${list(outcome.unsteady)}: what differs may be the start of a process, and nothing is called the same`,
    )
  if (cell.definition === 'changed') said.push('the scenario changed between the sides; its answers did not')
  if (cell.definition === 'changed, answers differ')
    said.push('the scenario changed between the sides, and so did its answers')
  return said.join('; ')
}

/** The whole of it in a sentence or two. */
export function headline(gate: Gate): string {
  const rows = rowsOf(gate)
  const counted = (verdict: CompareRow['verdict']): number => rows.filter((row) => row.verdict === verdict).length
  const threshold = percent(gate.rules.threshold)
  const counts = (['slower', 'faster', 'same', 'inconclusive', 'failed', 'not compared'] as const)
    .filter((verdict) => counted(verdict) > 0)
    .map((verdict) => `${counted(verdict)} ${verdict}`)
  const summary = `${plural(rows.length, 'comparison')}: ${list(counts)}.`
  switch (gate.outcome) {
    case 'regression':
      return `Slower: head takes at least ${threshold} longer, and did so again in fresh rounds. ${summary}`
    case 'passed':
      return gate.kind === 'stored'
        ? `For information: these rounds were not interleaved, so they decide nothing. ${summary}`
        : `No slowdown of ${threshold} or more was found${counted('inconclusive') === 0 ? '' : '; what is inconclusive was too noisy to rule one out'}. ${summary}`
    case 'invalid':
      return `Invalid: base differed from base itself, so this machine was too unsteady to conclude anything. Run it again. ${summary}`
    case 'failed':
      return `Something could not be measured. ${summary}`
    case 'interrupted':
      return `Interrupted before it was decided. ${summary}`
  }
}

export function sideText({ name, commit, harness, build }: SideFacts): string {
  const at = commit === null || name === commit ? '' : ` at ${commit.slice(0, 12)}`
  return `${name}${at}; sqlatency ${harness.version} from ${harness.from}${build === '' ? '' : `; built with: ${build}`}`
}

/** How it was done, and what it is worth. */
export function methodText(gate: Gate): string[] {
  const { rules, plan, host, placement } = gate
  const interval = percent(1 - rules.alpha)
  const machine = `${host.cpu}, ${plural(host.cores, 'core')}, ${host.os}, Node ${host.node}`
  if (gate.kind === 'stored') {
    return [
      `Two stored runs, not paired: Hodges-Lehmann shift of the rounds' medians with its exact ${interval} interval of the rank-sum test.`,
      'A stored baseline is weaker than one measured in the same job: the machine, its neighbours and its caches were others then. Even the best rule called 20 % of comparisons of a build with itself different that way, and none with interleaved rounds (docs/method.md). Use --base and --head to decide.',
    ]
  }
  const repeated = gate.cells.reduce(
    (sum, { outcome }) => sum + (outcome.kind === 'compared' ? outcome.repeated : 0),
    0,
  )
  return [
    ...(repeated === 0 ? [] : [`${plural(repeated, 'disturbed pair')} of rounds measured once more.`]),
    `Rounds of ${duration(plan.roundNs)} in fresh processes, both sides alternating in a shuffled order, seed ${gate.seed}, scale ${plan.scale}; Hodges-Lehmann on paired medians with the exact ${interval} interval, ${rules.pairsFirst === rules.pairsMax ? '' : `${rules.pairsFirst} to `}${plural(rules.pairsMax, 'pair')}, Holm over all comparisons, and fresh pairs for whatever was flagged.`,
    `${moment(gate.startedAt)}, ${machine}, ${placement.clientCpus === null ? 'not pinned' : 'client and servers pinned'}. "Sees" is the smallest true change that would be told from none in four of five cases; p99 informs and never decides.`,
  ]
}

export function controlTexts(gate: Gate): string[] {
  return gate.controls.map(({ backend, scenario, stage, contest }) => {
    const { value, low, high, detectable } = contest.change
    return `${scenario} on ${backend}${stage === 'first' ? '' : ' (confirmation)'}: ${change(value)} (${changeInterval(low, high)}), sees ${least(detectable)}, ${contest.verdict}`
  })
}

export const differenceText = ({ backend, name, base, head }: GateDifference): string =>
  `${backend === null ? '' : `${backend}: `}${name} ${base} → ${head}`
