import type { Bracket, LagCell, LagEstimate, LagFigures, ReadFigures } from '../bench/contract/index.ts'
import { AT_ONCE, MISSING, bracketEnds, bracketed, count, duration, list, rate } from './format.ts'
import { troubleText } from './missing.ts'
import type { View } from './view.ts'

export type MeasuredLag = Extract<LagCell, { outcome: 'measured' }>

/** A figure, and what stands smaller beside it. */
interface Figure {
  readonly main: string
  readonly aside: string
}

/** The first cell of a row names the backend by its id; the caller words it. */
export interface LagTable {
  readonly id: 'lag' | 'markers' | 'reads'
  readonly caption: string
  readonly heads: readonly string[]
  readonly rows: readonly { readonly backend: string; readonly cells: readonly Figure[] }[]
}

/** Everything that markers and reads say, as tables that every report shows in its own way. */
export function lagTables(view: View): readonly LagTable[] {
  const cells = view.run.lag.filter((cell) => cell.outcome === 'measured')
  if (cells.length === 0) return []
  return [
    {
      id: 'lag',
      caption: 'Time until a write can be read on the replica: estimate [lower – upper end].',
      heads: ['Backend', 'written meanwhile', 'counted from', 'p50', 'p95', 'p99', 'longest, upper end'],
      rows: cells.flatMap((cell) =>
        phases(cell).flatMap(([meanwhile, figures]) =>
          (
            [
              ['the acknowledgement', figures.ackToVisible],
              ['the commit', figures.commitToVisible],
              ['sending the write', figures.sendToVisible],
            ] as const
          ).map(([from, estimate]) => ({
            backend: cell.backend,
            cells: [meanwhile, plain(from), ...quantiles(figures, estimate)],
          })),
        ),
      ),
    },
    {
      id: 'markers',
      caption: 'What the brackets rest on, what they leave open, and what reads got wrong.',
      heads: [
        'Backend',
        'written meanwhile',
        'markers',
        'missed after the acknowledgement',
        'went back',
        'position',
        'polls',
      ],
      rows: cells.flatMap((cell) =>
        phases(cell).map(([meanwhile, figures]) => ({
          backend: cell.backend,
          cells: [meanwhile, ...bookkeeping(figures)],
        })),
      ),
    },
    {
      id: 'reads',
      caption: 'Reads: of own writes, and of old rows while the replica is quiet and while it applies the writes.',
      heads: [
        'Backend',
        'own writes missed',
        'read after an own write, p50',
        'quiet: p50',
        'p99',
        'applying: p50',
        'p99',
      ],
      rows: cells.map(({ backend, ownWrites, reads }) => ({
        backend,
        cells: [
          plain(ownWrites === null ? MISSING : `${count(ownWrites.missed)} of ${count(ownWrites.probes)}`),
          plain(duration(ownWrites?.nextReadP50Ns ?? null)),
          ...reading(reads.quiet),
          ...reading(reads.applying),
        ],
      })),
    },
  ]
}

/** What was written meanwhile. */
function phases(cell: MeasuredLag): (readonly [meanwhile: Figure, figures: LagFigures])[] {
  const { underLoad } = cell
  const atRest = [plain('nothing'), cell] as const
  if (underLoad === null) return [atRest]
  const { achievedPerSecond, offeredPerSecond } = underLoad.load
  return [atRest, [{ main: rate(achievedPerSecond), aside: `${rate(offeredPerSecond)} offered` }, underLoad]]
}

function quantiles(figures: LagFigures, { p50, p95, p99, maxUpperNs }: LagEstimate): Figure[] {
  return [
    bracketFigure(figures, 0.5, p50),
    bracketFigure(figures, 0.95, p95),
    bracketFigure(figures, 0.99, p99),
    plain(maxUpperNs === null ? 'not in time' : maxUpperNs === 0 ? AT_ONCE : duration(maxUpperNs)),
  ]
}

function bracketFigure(figures: LagFigures, p: number, found: Bracket | null): Figure {
  if (found !== null) return { main: bracketed(found), aside: found.upperNs === 0 ? '' : bracketEnds(found) }
  return { main: '', aside: figures.rightCensored > (1 - p) * figures.markers ? 'not in time' : 'too few' }
}

function bookkeeping(figures: LagFigures): Figure[] {
  const { markers, leftCensored, rightCensored, gaveUp, missedAfterAck, wentBack, polls, position } = figures
  return [
    {
      main: count(markers),
      aside: `${count(leftCensored)} left-, ${count(rightCensored)} right-censored${gaveUp ? '; gave up' : ''}`,
    },
    { main: `${count(missedAfterAck)} of ${count(markers)}`, aside: '' },
    { main: `${count(wentBack)} of ${count(polls)}`, aside: '' },
    position === null
      ? plain(MISSING)
      : {
          main: `agrees in ${count(position.agreeing)} of ${count(position.compared)}`,
          aside: `at most ${count(position.maxBehind)} ${position.unit} behind`,
        },
    { main: rate(figures.pollsPerSecond), aside: `${duration(figures.pollP50Ns)} each` },
  ]
}

function reading(figures: ReadFigures | null): Figure[] {
  if (figures === null) return [plain(MISSING), plain(MISSING)]
  const { p50Ns, p99Ns, maxNs } = figures
  return [
    plain(duration(p50Ns)),
    { main: p99Ns === null ? 'too few' : duration(p99Ns), aside: `longest ${duration(maxNs)}` },
  ]
}

const plain = (main: string): Figure => ({ main, aside: '' })

/** The replica that takes longest at the median, at rest; one that does not show half of its markers in time is the slowest of all. */
export function slowestLag(view: View): MeasuredLag | null {
  const measured = view.run.lag.filter((cell) => cell.outcome === 'measured')
  return measured.toSorted((a, b) => medianNs(b) - medianNs(a))[0] ?? null
}

const medianNs = ({ ackToVisible: { p50 } }: MeasuredLag): number => p50?.pointNs ?? Infinity

/** What brings a change over before the reader of the lag looks, and whether reads in the rankings wait for that too. */
export function watchedBy(view: View, { backend, mechanism }: MeasuredLag): string {
  return doReadsSync(view, backend) ? mechanism : `${mechanism}, which reads in the rankings do not do`
}

/** Whether reads in the rankings bring over what the reader of the lag does. */
export const doReadsSync = (view: View, backend: string): boolean =>
  view.run.backends.find(({ id }) => id === backend)?.session?.driver?.readsDoNotSync !== true

/** Why a backend has no lag, with the backends that share the reason. The harness alone is not among them. */
export function lagReasons(view: View): readonly (readonly [reason: string, backends: string])[] {
  const reasons = new Map<string, string[]>()
  for (const cell of view.run.lag) {
    if (cell.outcome === 'measured' || view.nulls.some(({ id }) => id === cell.backend)) continue
    const reason =
      cell.outcome === 'failed'
        ? troubleText(cell)
        : cell.outcome === 'skipped'
          ? `skipped: ${cell.reason}`
          : cell.reason
    reasons.set(reason, [...(reasons.get(reason) ?? []), view.title(cell.backend)])
  }
  return [...reasons].map(([reason, backends]) => [reason || MISSING, list(backends)])
}
