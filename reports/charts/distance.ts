import type { ChartConfiguration, ChartDataset } from 'chart.js'
import { duration, number } from '../format.ts'
import { farthestNs } from './at-distance.ts'
import { decadesAround, durationAxis } from './axis.ts'
import type { Colours } from './colours.ts'
import type { ChartData } from './data.ts'
import type { DistanceData, LawLine } from './distance-data.ts'
import type { CrossingMark } from './distance-marks.ts'
import { distanceMarks } from './distance-marks.ts'
import type { Drawing, Scene } from './drawing.ts'
import { lineStyle } from './line-style.ts'
import { FARTHEST_MS } from './rtt-steps.ts'

const HEIGHT_PX = 440
const READ: readonly number[] = []
const WRITE = [8, 4]
const BEYOND = [1.5, 3.5]
const STEPS = 48

/** Of each law: its line, what lies beyond, and the points. */
const SERIES = 3
const POINTS = 2

/** The law of one backend in one scenario. */
interface Drawn {
  readonly scenario: number
  readonly law: LawLine
}

type Dataset = ChartDataset<'line', { x: number; y: number }[]>

/**
 * Latency against the round trip, of the chosen scenario and one of the other kind: points as measured, and the line of the law,
 * dotted where nothing was measured.
 */
export function distance(data: ChartData, { scenario, shown, colours, narrow, rttNs = 0 }: Scene): Drawing {
  const scenarios = data.distance === null ? [] : drawnScenarios(data, data.distance, scenario)
  const lines = scenarios.flatMap((one): Drawn[] =>
    (data.distance?.laws[one] ?? []).filter(({ backend }) => shown.has(backend)).map((law) => ({ scenario: one, law })),
  )
  const measuredNs = lines.flatMap(({ law }) => law.points.map((point) => point.rttNs)).filter((ns) => ns > 0)
  const nearestNs = Math.min(1e5, ...measuredNs)
  const span = { min: nearestNs * 0.8, max: Math.max(FARTHEST_MS * 1e6, ...measuredNs) * 1.05 }
  const curves = lines
    .map(({ law }) => curve(law, span))
    .map(({ within, beyond }) => [...within, ...beyond].map(({ y }) => y))
  const range = decadesAround([...curves.flat(), ...lines.flatMap(({ law }) => law.points.map(({ p50Ns }) => p50Ns))])
  const datasets = lines.flatMap((line) => datasetsOf(data, line, span, colours))
  const name = ({ scenario: one, law }: Drawn): string =>
    `${data.backends[law.backend]!.name}, ${data.scenarios[one]!.title}`
  const points = lines.flatMap((line, place) =>
    pointsOf(line.law, span.min).map((point, index) => ({
      dataset: SERIES * place + POINTS,
      index,
      text: `${name(line)}: ${pointText(line.law, point)}`,
    })),
  )
  const configuration: ChartConfiguration<'line', { x: number; y: number }[]> = {
    type: 'line',
    data: { datasets },
    options: {
      scales: {
        x: durationAxis(colours, span, 'round trip as measured, logarithmic'),
        y: durationAxis(colours, range, ''),
      },
      plugins: {
        tooltip: {
          filter: (item) => item.datasetIndex % SERIES === POINTS,
          callbacks: {
            title: () => '',
            label: ({ datasetIndex, dataIndex }) => {
              const line = lines[Math.floor(datasetIndex / SERIES)]!
              return `${name(line)}: ${pointText(line.law, pointsOf(line.law, span.min)[dataIndex]!)}`
            },
          },
        },
      },
    },
    plugins: [
      distanceMarks({
        places: data.distance?.places ?? [],
        crossings: (data.distance?.crossings ?? [])
          .filter((one) => scenarios.includes(one.scenario) && shown.has(one.fasterNear) && shown.has(one.fasterFar))
          .flatMap((one) => crossingMark(data, one)),
        chosenNs: rttNs,
        colours,
        narrow,
      }),
    ],
  }
  return {
    configuration,
    summary: summaryOf(lines, name),
    points,
    height: HEIGHT_PX,
    isEmpty: lines.every(({ law }) => law.points.length === 0),
  }
}

/** The chosen scenario, and one of the other kind beside it. Where the chosen one has no law, one of each kind that has. */
export function drawnScenarios(data: ChartData, { laws }: DistanceData, chosen: number): number[] {
  const has = (one: number): boolean => laws[one]?.some(({ points }) => points.length > 0) === true
  const kindOf = (one: number): boolean => data.scenarios[one]?.kind === 'read'
  const all = [...data.scenarios.keys()].filter(has)
  const preferred = (isRead: boolean): number | undefined =>
    all.find((one) => kindOf(one) === isRead && ['point-read', 'transfer'].includes(data.scenarios[one]!.id)) ??
    all.find((one) => kindOf(one) === isRead)
  const first = has(chosen) ? chosen : preferred(true)
  const second = first === undefined ? preferred(false) : preferred(!kindOf(first))
  return [first, second].filter((one) => one !== undefined)
}

/** A database in the process has no round trip, and a logarithmic axis no zero: it stands at its left end. */
function pointsOf(law: LawLine, leftNs: number): { x: number; y: number }[] {
  return law.points.length === 0
    ? [{ x: leftNs, y: law.baseNs }]
    : law.points.map(({ rttNs, p50Ns }) => ({ x: Math.max(rttNs, leftNs), y: p50Ns }))
}

function curve(law: LawLine, { min, max }: { min: number; max: number }): { within: Point[]; beyond: Point[] } {
  const nearestNs = law.points[0]?.rttNs ?? min
  const lastNs = Math.min(max, farthestNs(law))
  return {
    within: sampled(law, Math.max(min, nearestNs), lastNs),
    beyond: lastNs < max ? sampled(law, lastNs, max) : [],
  }
}

interface Point {
  readonly x: number
  readonly y: number
}

function sampled({ baseNs, k }: LawLine, from: number, to: number): { x: number; y: number }[] {
  return Array.from({ length: STEPS + 1 }, (_, n) => from * (to / from) ** (n / STEPS))
    .map((x) => ({ x, y: baseNs + k * x }))
    .filter(({ y }) => y > 0)
}

function datasetsOf(
  data: ChartData,
  { scenario, law }: Drawn,
  span: { min: number; max: number },
  colours: Colours,
): Dataset[] {
  const style = lineStyle(data.backends[law.backend]!.look, colours)
  const { within, beyond } = curve(law, span)
  const dash = data.scenarios[scenario]!.kind === 'read' ? READ : WRITE
  const line = { ...style, borderWidth: 1.2, pointRadius: 0, pointHoverRadius: 0 }
  return [
    { ...line, data: within, borderDash: dash },
    { ...line, data: beyond, borderDash: BEYOND },
    { ...style, data: pointsOf(law, span.min), showLine: false, pointRadius: 5, clip: 8 },
  ] as Dataset[]
}

function pointText(law: LawLine, { x, y }: Point): string {
  return law.points.length === 0
    ? `${duration(y)} at any distance, in process`
    : `${duration(y)} measured at ${duration(x)} of round trip`
}

function summaryOf(lines: readonly Drawn[], name: (line: Drawn) => string): string {
  const laws = lines.map((line) => {
    const { k, baseNs, points } = line.law
    return points.length === 0
      ? `${name(line)} ${duration(baseNs)} at any distance`
      : `${name(line)} ${duration(baseNs)} and ${number(k)} round trips`
  })
  return `Latency by round trip on logarithmic axes: ${laws.join('; ')}.`
}

function crossingMark(
  data: ChartData,
  { scenario, fasterNear, fasterFar, rttNs }: DistanceData['crossings'][number],
): CrossingMark[] {
  const law = data.distance?.laws[scenario]?.find(({ backend }) => backend === fasterFar)
  if (law === undefined) return []
  return [
    {
      rttNs,
      latencyNs: law.baseNs + law.k * rttNs,
      text: duration(rttNs),
      names: `${data.backends[fasterNear]!.name} | ${data.backends[fasterFar]!.name}`,
    },
  ]
}
