/// <reference lib="dom" />
import type { ChartConfiguration, Plugin } from 'chart.js'
import { bracketEnds, duration, plural } from '../format.ts'
import { colourOf, faint } from './colours.ts'
import type { ChartData } from './data.ts'
import type { Drawing, Scene } from './drawing.ts'
import type { Facets } from './facets.ts'
import { facets } from './facets.ts'
import type { Ends, LagRow } from './lag-data.ts'
import { endsOf } from './lag-data.ts'

/** Time that is left empty between the markers of two runs, as a share of the longest phase. */
const GAP = 0.04

interface Marker extends Ends {
  readonly row: number
  readonly xNs: number
}

/** When each write became visible: a dot with its bracket where both ends are known, a triangle where only one is. */
export function lagTimeline(data: ChartData, { shown, colours }: Scene): Drawing {
  const rows = data.lag.filter(
    ({ backend, traces }) => shown.has(backend) && traces.some(({ sentMs }) => sentMs.length > 0),
  )
  const name = (row: LagRow): string => `${data.backends[row.backend]!.name}, ${row.meanwhile}`
  const longest = Math.max(1, ...rows.flatMap(({ traces }) => traces.map(({ sentMs }) => (sentMs.at(-1) ?? 0) * 1e6)))
  const markers = rows.flatMap((row, index) => placed(row, index, longest))
  const grid = facets(
    rows.map((row, index) => ({ name: name(row), ...extentOf(markers.filter((marker) => marker.row === index)) })),
    colours,
  )
  const look = ({ row }: Marker) => data.backends[rows[row]!.backend]!.look
  const text = (marker: Marker): string =>
    `${name(rows[marker.row]!)}, ${duration(marker.xNs)} after the first marker: ${markerText(marker)}`
  const ends = Math.max(1, ...markers.map(({ xNs }) => xNs))
  const configuration: ChartConfiguration<'scatter'> = {
    type: 'scatter',
    data: {
      datasets: [
        {
          label: 'markers',
          data: markers.map((marker) => ({ x: marker.xNs / 1e9, y: grid.place(marker.row, heightNs(marker)) })),
          pointStyle: markers.map((marker) => (isBracketed(marker) ? 'circle' : 'triangle')) as never,
          // Upwards where it took longer than anybody waited, downwards where it took at most so long.
          pointRotation: markers.map((marker) => (isBracketed(marker) || marker.upperNs === null ? 0 : 180)),
          pointRadius: markers.map((marker) => (isBracketed(marker) ? 2.6 : 4)),
          pointHoverRadius: 7,
          pointBackgroundColor: markers.map((marker) =>
            isBracketed(marker) ? colourOf(colours, look(marker)) : colours.card,
          ),
          pointBorderColor: markers.map((marker) => colourOf(colours, look(marker))),
          pointBorderWidth: 1.3,
        },
      ],
    },
    options: {
      layout: { padding: { right: 10 } },
      scales: {
        x: {
          type: 'linear',
          min: -0.01 * (ends / 1e9),
          max: 1.01 * (ends / 1e9),
          border: { display: false },
          grid: { display: false },
          title: { display: true, text: 'seconds since the first marker', color: colours.muted },
          ticks: {
            color: colours.muted,
            maxRotation: 0,
            includeBounds: false,
            callback: (value) => String(Number(Number(value).toFixed(3))),
          },
          afterBuildTicks: (axis) => {
            axis.ticks = axis.ticks.filter(({ value }) => value >= 0 && value <= ends / 1e9)
          },
        },
        y: grid.y,
      },
      plugins: { tooltip: { callbacks: { title: () => '', label: (item) => text(markers[item.dataIndex]!) } } },
    },
    plugins: [
      brackets(
        markers,
        markers.map((marker) => faint(colourOf(colours, look(marker)), 0.45)),
        grid,
      ),
      grid.plugin,
    ],
  }
  return {
    configuration,
    summary: `Time until each write could be read, in the order of writing: ${rows.map((row, index) => `${name(row)}: ${rowText(markers.filter((marker) => marker.row === index))}`).join('; ')}.`,
    points: markers.map((marker, index) => ({ dataset: 0, index, text: text(marker) })),
    height: grid.height,
    isEmpty: rows.length === 0,
  }
}

/** Runs follow one another with an empty stretch between them. */
function placed({ traces }: LagRow, row: number, longest: number): Marker[] {
  let from = 0
  return traces.flatMap((trace) => {
    const ends = endsOf(trace)
    const placedHere = ends.map((one) => ({ ...one, row, xNs: from + one.sentNs }))
    from += (ends.at(-1)?.sentNs ?? 0) + GAP * longest
    return placedHere
  })
}

/** Both ends say something. */
const isBracketed = ({ lowerNs, upperNs }: Ends): boolean => lowerNs !== null && lowerNs > 0 && upperNs !== null

/** The middle of a bracket; where one end is not known, the other. What was never seen is above everything else. */
function heightNs({ lowerNs, upperNs }: Ends): number {
  if (upperNs === null) return (lowerNs ?? 0) > 0 ? lowerNs! : Infinity
  return lowerNs === null || lowerNs === 0 ? upperNs : (lowerNs + upperNs) / 2
}

function markerText(marker: Ends): string {
  const { lowerNs, upperNs } = marker
  if (upperNs === null) return `not seen in time${(lowerNs ?? 0) > 0 ? `, more than ${duration(lowerNs)}` : ''}`
  if (upperNs === 0) return 'seen before the write was acknowledged'
  if (isBracketed(marker)) return `${duration(heightNs(marker))} ${bracketEnds({ lowerNs: lowerNs!, upperNs })}`
  return `at most ${duration(upperNs)}${lowerNs === null ? ', seen by the first read' : ''}`
}

function rowText(markers: readonly Marker[]): string {
  const { lowNs, highNs } = extentOf(markers)
  const unseen = markers.filter(({ upperNs }) => upperNs === null).length
  const atMost = markers.filter(({ lowerNs, upperNs }) => upperNs !== null && (lowerNs ?? 0) === 0).length
  return `${plural(markers.length, 'marker')} between ${duration(lowNs)} and ${duration(highNs)}, ${atMost} with an upper end only, ${unseen} not seen in time`
}

/** A logarithmic axis has no place for zero. */
function extentOf(markers: readonly Ends[]): { lowNs: number; highNs: number } {
  const values = markers
    .flatMap((marker) => [marker.lowerNs ?? 0, heightNs(marker), marker.upperNs ?? 0])
    .filter((ns) => ns > 0 && ns < Infinity)
  if (values.length === 0) return { lowNs: 1, highNs: 10 }
  const [lowNs, highNs] = [Math.min(...values), Math.max(...values)]
  return { lowNs: lowNs / 1.15, highNs: highNs * 1.15 }
}

function brackets(markers: readonly Marker[], lines: readonly string[], grid: Facets): Plugin<'scatter'> {
  return {
    id: 'brackets',
    beforeDatasetsDraw(chart) {
      const { ctx, scales } = chart
      ctx.save()
      ctx.lineWidth = 1.4
      for (const [n, marker] of markers.entries()) {
        if (!isBracketed(marker)) continue
        const x = scales['x']!.getPixelForValue(marker.xNs / 1e9)
        ctx.strokeStyle = lines[n]!
        ctx.beginPath()
        for (const [end, ns] of [marker.lowerNs!, marker.upperNs!].entries()) {
          const y = scales['y']!.getPixelForValue(grid.place(marker.row, ns))
          if (end === 0) ctx.moveTo(x, y)
          else ctx.lineTo(x, y)
        }
        ctx.stroke()
      }
      ctx.restore()
    },
  }
}
