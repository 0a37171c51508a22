import { expect, test } from 'vitest'
import type { Comparison, LagCell, LagFigures, MarkerTrace } from '../../bench/contract/index.ts'
import { seededRandom } from '../../bench/contract/index.ts'
import { chartData } from '../charts/data.ts'
import { charts } from '../charts/index.ts'
import { coloursOf, LIGHT } from '../charts/themes.ts'
import { count, duration, percent, rate } from '../format.ts'
import { inBrowser } from '../testing/browser.ts'
import { inventedComparison } from '../testing/fixture.ts'
import { shownTables } from '../testing/shown.ts'
import { viewOf } from '../view.ts'

type Rows = readonly (readonly string[])[]
type MeasuredLag = Extract<LagCell, { outcome: 'measured' }>

const lagsOf = ({ run }: Comparison): MeasuredLag[] =>
  run.lag.flatMap((cell) => (cell.outcome === 'measured' ? [cell] : []))

interface Marker {
  readonly lowerNs: number | null
  readonly upperNs: number | null
}

const markersOf = (traces: readonly MarkerTrace[]): Marker[] =>
  traces.flatMap(({ lowerNs, upperNs }) => lowerNs.map((ns, n) => ({ lowerNs: ns, upperNs: upperNs[n]! })))

/** Round times from the last before anything can have been seen to the first after all was seen that ever was. */
function timesOf(markers: readonly Marker[]): number[] {
  const known = markers.flatMap(({ lowerNs, upperNs }) => [lowerNs ?? 0, upperNs ?? 0]).filter((ns) => ns > 0)
  const [least, most] = [Math.min(...known), Math.max(...markers.map(({ upperNs }) => upperNs ?? 0))]
  const round = [3, 4, 5, 6, 7, 8, 9].flatMap((power) => [1, 2, 5].map((digit) => digit * 10 ** power))
  const from = Math.max(...round.filter((ns) => ns <= least))
  const to = Math.min(...round.filter((ns) => ns >= most))
  return round.filter((ns) => ns >= from && ns <= to)
}

/** A marker that was never seen is not seen by any time; one without a lower end may have been there at once. */
function seenRows(markers: readonly Marker[]): Rows {
  const seen = markers.filter(({ upperNs }) => upperNs !== null)
  const share = (some: readonly Marker[]): string => percent(some.length / markers.length)
  return timesOf(markers).map((tNs) => [
    duration(tNs),
    share(seen.filter(({ upperNs }) => upperNs! <= tNs)),
    share(seen.filter(({ lowerNs }) => lowerNs === null || lowerNs <= tNs)),
  ])
}

const hasUpperOnly = ({ lowerNs, upperNs }: Marker): boolean => upperNs !== null && (lowerNs === null || lowerNs === 0)

function tenthRows(markers: readonly Marker[]): Rows {
  const parts = Math.min(10, markers.length)
  return Array.from({ length: parts }, (_, n) => {
    const [from, to] = [n, n + 1].map((part) => Math.floor((part * markers.length) / parts)) as [number, number]
    const own = markers.slice(from, to)
    const uppers = own.flatMap(({ upperNs }) => (upperNs === null ? [] : [upperNs]))
    return [
      `${count(from + 1)} – ${count(to)}`,
      ...(uppers.length === 0 ? ['–', '–'] : [Math.min(...uppers), Math.max(...uppers)].map(duration)),
      count(own.filter(hasUpperOnly).length),
      count(own.length - uppers.length),
    ]
  })
}

const phasesOf = (cell: MeasuredLag): (readonly [name: string, figures: LagFigures])[] => [
  ['at rest', cell],
  ...(cell.underLoad === null
    ? []
    : [[`${rate(cell.underLoad.load.achievedPerSecond)} written`, cell.underLoad] as const]),
]

/** Both ends of markers at random, so that thousands lie close to a round time; one in `unseen` is never seen. */
function traceOf(markers: number, unseen: number): MarkerTrace {
  const random = seededRandom('cells-lag', markers, unseen)
  const upperNs = Array.from({ length: markers }, (_, n) =>
    n % unseen === unseen - 1 ? null : Math.round(1e6 * 10 ** (random.real() * 1.5)),
  )
  return {
    sentNs: upperNs.map((_, n) => n * 31e6),
    lowerNs: upperNs.map((ns, n) => (n % 40 === 3 ? null : n % 7 === 0 ? 0 : Math.round((ns ?? 3e7) * 0.85))),
    upperNs,
  }
}

const withLag = (changes: (cell: MeasuredLag) => Partial<MeasuredLag>): Comparison => {
  const comparison = inventedComparison({ scenarios: 1 })
  const { run } = comparison
  const lag = run.lag.map((cell) => (cell.outcome === 'measured' ? { ...cell, ...changes(cell) } : cell))
  return { ...comparison, run: { ...run, lag } }
}

const SHAPES: readonly (readonly [string, Comparison])[] = [
  ['as invented, with two replicas', inventedComparison({ backends: 12, scenarios: 1 })],
  ['of a merged run at rest', withLag(() => ({ traces: [traceOf(3000, 1000), traceOf(999, 1e9)], underLoad: null }))],
  ['of seven markers, none of the last seen', withLag(() => ({ traces: [traceOf(7, 7)] }))],
  [
    'of shares next to all and next to none',
    withLag(() => ({
      staleAfter: [
        { tNs: 0, low: 0.9962, high: 1 },
        { tNs: 1e6, low: 0.5049, high: 0.99951 },
        { tNs: 2e6, low: 0, high: 0.00003 },
      ],
    })),
  ],
]

const SHARE_HEADS = ['after the acknowledgement', 'at least', 'at most']
const TENTH_HEADS = ['markers', 'shortest, upper end', 'longest, upper end', 'only an upper end', 'not seen in time']

inBrowser('every cell of the tables of lag', ({ open }) => {
  test.each(SHAPES)('equals the data: %s', async (_, comparison) => {
    const { page, close } = await open(comparison)
    const { title } = viewOf(comparison)
    const shown = (await shownTables(page)).filter(({ section }) => section === 'replication')
    const staleTables = lagsOf(comparison).map(({ backend, staleAfter }) => ({
      fold: `${title(backend)}: stale reads as a table`,
      heads: SHARE_HEADS,
      rows: staleAfter.map(({ tNs, low, high }) => [duration(tNs), percent(low), percent(high)]),
    }))
    const courseTables = lagsOf(comparison).flatMap((cell) =>
      phasesOf(cell).flatMap(([name, { traces }]) => {
        const markers = markersOf(traces!)
        const fold = `${title(cell.backend)}, ${name}: seen by when, and when, as tables`
        return [
          { fold, heads: SHARE_HEADS, rows: seenRows(markers) },
          { fold, heads: TENTH_HEADS, rows: tenthRows(markers) },
        ]
      }),
    )
    expect(courseTables.length).toBeGreaterThan(1)
    expect(
      shown.filter((one) => one.heads[0] !== 'Backend').map(({ fold, heads, rows }) => ({ fold, heads, rows })),
    ).toEqual([...staleTables, ...courseTables])
    await close()
  })
})

test.each(SHAPES)('the chart speaks of the same shares as its table: %s', (_, comparison) => {
  const data = chartData(viewOf(comparison), 0, '')
  const { points } = charts['lag-cdf']!(data, {
    scenario: 0,
    shown: new Set(data.backends.keys()),
    colours: coloursOf(LIGHT),
    narrow: false,
  })
  const rows = lagsOf(comparison).flatMap((cell) =>
    phasesOf(cell).flatMap(([, { traces }]) => seenRows(markersOf(traces!))),
  )
  expect(points.map(({ text }) => text.split(', ').at(-1))).toEqual(
    rows.map(([time, low, high]) => `${time} after the acknowledgement: ${low} to ${high} of writes can be read`),
  )
})
