import type { LagEstimate, LagFigures, Run } from '../../bench/contract/index.ts'
import type { ExpectedCell, ExpectedTable } from './expected-table.ts'
import { titleIn, wholeRun } from './expected-table.ts'

export function expectedLag(run: Run): Record<'lag' | 'markers' | 'reads', readonly ExpectedTable[]> {
  const lag = run.lag.flatMap((cell) => (cell.outcome === 'measured' ? [cell] : []))
  const phases = lag.flatMap((cell): { head: string; load: ExpectedCell; figures: LagFigures }[] => [
    { head: titleIn(run, cell.backend), load: 'nothing', figures: cell },
    ...(cell.underLoad === null
      ? []
      : [
          {
            head: titleIn(run, cell.backend),
            load: [cell.underLoad.load.achievedPerSecond, cell.underLoad.load.offeredPerSecond],
            figures: cell.underLoad,
          },
        ]),
  ])
  return {
    lag: wholeRun(
      'replication',
      ['Backend', 'written meanwhile', 'counted from', 'p50', 'p95', 'p99', 'longest, upper end'],
      phases.flatMap(({ head, load, figures }) =>
        (
          [
            ['the acknowledgement', figures.ackToVisible],
            ['the commit', figures.commitToVisible],
            ['sending the write', figures.sendToVisible],
          ] as const
        ).map(([from, estimate]) => ({ head, cells: [load, from, ...brackets(figures, estimate)] })),
      ),
    ),
    markers: wholeRun(
      'replication',
      ['Backend', 'written meanwhile', 'markers', 'missed after the acknowledgement', 'went back', 'position', 'polls'],
      phases.map(({ head, load, figures }) => ({
        head,
        cells: [
          load,
          [figures.markers, figures.leftCensored, figures.rightCensored],
          [figures.missedAfterAck, figures.markers],
          [figures.wentBack, figures.polls],
          figures.position === null
            ? '–'
            : [figures.position.agreeing, figures.position.compared, figures.position.maxBehind],
          [figures.pollsPerSecond, figures.pollP50Ns],
        ],
      })),
    ),
    reads: wholeRun(
      'replication',
      ['Backend', 'own writes missed', 'read after an own write, p50', 'quiet: p50', 'p99', 'applying: p50', 'p99'],
      lag.map(({ backend, ownWrites, reads }) => ({
        head: titleIn(run, backend),
        cells: [
          ownWrites === null ? '–' : [ownWrites.missed, ownWrites.probes],
          ownWrites === null ? '–' : [ownWrites.nextReadP50Ns],
          ...[reads.quiet, reads.applying].flatMap((one): ExpectedCell[] =>
            one === null ? ['–', '–'] : [[one.p50Ns], [one.p99Ns, one.maxNs]],
          ),
        ],
      })),
    ),
  }
}

const brackets = (
  { markers, rightCensored }: LagFigures,
  { p50, p95, p99, maxUpperNs }: LagEstimate,
): ExpectedCell[] => [
  ...(
    [
      [0.5, p50],
      [0.95, p95],
      [0.99, p99],
    ] as const
  ).map(([p, found]): ExpectedCell => {
    if (found !== null) return [found.pointNs, found.lowerNs, found.upperNs]
    return markers - rightCensored < p * markers ? 'not in time' : 'too few'
  }),
  maxUpperNs === null ? 'not in time' : [maxUpperNs],
]
