import type {
  BackendFacts,
  Claim,
  ClaimFinding,
  ClaimPlace,
  ClaimReason,
  ClaimVerdict,
  Comparison,
  JudgedClaim,
} from '../contract/index.ts'
import { claimedBounds } from '../contract/index.ts'
import type { Figure } from './claims/figures.ts'
import { figureOf, pairFigureOf } from './claims/figures.ts'
import { roundTripOf, select, subjectOf } from './claims/select.ts'

/** Holds claims against a run. Pure. */
export function judgeClaims(
  { run, caveats }: Pick<Comparison, 'run' | 'caveats'>,
  claims: readonly Claim[],
): JudgedClaim[] {
  const differing = caveats.flatMap((caveat) => (caveat.id === 'ANSWERS_DIFFER' ? caveat.backends : []))
  return claims.map((claim) => {
    const { figures, reason } = figuresOf(run, claim, differing)
    const findings = figures.map((figure) => ({ ...figure, place: placeOf(figure, claimedBounds(claim.claimed)) }))
    return { claim, findings, ...verdictOf(findings, reason) }
  })
}

type Placeless = Omit<ClaimFinding, 'place'>

/** `reason`: why there is no figure. */
interface Figures {
  readonly figures: readonly Placeless[]
  readonly reason: ClaimReason | null
}

function figuresOf(run: Comparison['run'], { measure }: Claim, differing: readonly string[]): Figures {
  const of = select(run, measure.of, differing)
  if (of.reason !== null) return { figures: [], reason: of.reason }
  if (!('to' in measure)) {
    const scenarios = 'scenario' in measure ? [measure.scenario] : []
    return gather(
      of.found.map((backend) => {
        const subject = subjectOf(backend, measure.of)
        return [figureOf(run, measure, backend), { subjects: [subject], scenarios }] as const
      }),
    )
  }
  const to = select(run, measure.to, differing)
  if (to.reason !== null) return { figures: [], reason: to.reason }
  const scenarios = measure.kind === 'break-even' ? [measure.read, measure.write] : [measure.scenario]
  const isPair = (one: BackendFacts, other: BackendFacts): boolean =>
    one.id !== other.id &&
    (measure.sameAdapter !== true || one.adapter === other.adapter) &&
    (measure.sameDistance !== true || areAsFar(one, other))
  const pairs = of.found.flatMap((one) =>
    to.found.filter((other) => isPair(one, other)).map((other) => [one, other] as const),
  )
  if (pairs.length === 0) return { figures: [], reason: { kind: 'no-pair' } }
  return gather(
    pairs.map(([one, other]) => {
      const subjects = [subjectOf(one, measure.of), subjectOf(other, measure.to)] as const
      return [pairFigureOf(run, measure, one, other), { subjects, scenarios }] as const
    }),
  )
}

const SAME_DISTANCE = 1.1

function areAsFar(one: BackendFacts, other: BackendFacts): boolean {
  const [a, b] = [roundTripOf(one)?.ns ?? 0, roundTripOf(other)?.ns ?? 0]
  return Math.max(a, b) <= SAME_DISTANCE * Math.min(a, b)
}

/** What has no figure is left out, unless nothing has one. */
function gather(all: readonly (readonly [Figure, Pick<ClaimFinding, 'subjects' | 'scenarios'>])[]): Figures {
  const figures = all.flatMap(([figure, { subjects, scenarios }]): Placeless[] => {
    if (figure.reason !== null) return []
    const { value, low, high, basis, count } = figure
    const emulated = figure.emulated || subjects.some((subject) => subject.emulated)
    return [{ subjects, scenarios, value, low, high, basis, count, emulated }]
  })
  const reason = figures.length > 0 ? null : (all.find(([figure]) => figure.reason !== null)?.[0].reason ?? null)
  return { figures, reason }
}

/** Where an interval lies beside a range. */
export function placeOf(
  { low, high }: Pick<ClaimFinding, 'low' | 'high'>,
  range: { readonly low: number; readonly high: number },
): ClaimPlace {
  if (low === null || high === null) return 'unknown'
  if (high < range.low) return 'below'
  if (low > range.high) return 'above'
  return low >= range.low && high <= range.high ? 'inside' : 'across'
}

/** A claim stands or falls with all that may judge it; where they do not agree, it cannot be told. */
function verdictOf(
  findings: readonly ClaimFinding[],
  reason: ClaimReason | null,
): { verdict: ClaimVerdict; reason: ClaimReason | null } {
  if (reason !== null) return { verdict: 'cannot-tell', reason }
  const are = (...places: ClaimPlace[]): boolean => findings.every(({ place }) => places.includes(place))
  if (are('inside')) return { verdict: 'consistent', reason: null }
  if (are('below', 'above')) return { verdict: 'contradicted', reason: null }
  const kind = are('unknown') ? 'no-interval' : are('across') ? 'boundary' : 'disagree'
  return { verdict: 'cannot-tell', reason: { kind } }
}
