import type { LagPhase } from '../charts/lag-data.ts'
import { keptPhases, measuredEnds } from '../charts/lag-data.ts'
import { sharesOf } from '../charts/lag-share.ts'
import { MISSING, count, duration, percent } from '../format.ts'
import type { MeasuredLag } from '../lag-tables.ts'
import type { View } from '../view.ts'
import { placeOf } from '../view.ts'
import { plot } from './controls.ts'
import { note } from './frame.ts'
import { legend } from './legend.ts'
import type { Content } from './markup.ts'
import { html } from './markup.ts'
import { table } from './table.ts'

/** Marker by marker: when each was seen, and how many are seen by when. */
export function lagCourse(view: View, measured: readonly MeasuredLag[]): Content {
  const phases = measured.flatMap((cell) => keptPhases(cell).map((phase) => ({ backend: cell.backend, ...phase })))
  if (phases.length === 0) return note('Single markers were not kept: the run was made before they were.')
  return html`${plot({
    id: 'lag-cdf',
    title: 'How soon can a write be read?',
    wholeRun: true,
    about:
      'Of all writes, the share that the replica shows, by the time since the acknowledgement. Left edge of a band: the lower ends of all markers; right edge, with the markers: the upper ends. The truth lies between.',
    after: legend(
      view,
      measured.map(({ backend }) => backend),
    ),
  })}
  ${plot({
    id: 'lag-timeline',
    title: 'Marker by marker',
    wholeRun: true,
    about:
      'Each write in the order of writing, each picture with a ruler of its own. Dot: the middle of its bracket, which is the line. Hollow triangle, downwards: it took at most so long, for the read that missed it began before the acknowledgement or there was none. Upwards: not seen in time, so it took longer.',
  })}
  ${phases.map((phase) => phaseTables(view, phase))}`
}

function phaseTables(view: View, { backend, meanwhile, traces }: LagPhase & { readonly backend: string }): Content {
  const name = `${view.title(backend)}, ${meanwhile}`
  const ends = traces.flatMap(measuredEnds)
  return html`<details class="card" data-backend="${placeOf(view, backend)}">
    <summary>${name}: seen by when, and when, as tables</summary>
    ${table({
      kind: 'quantiles',
      caption: 'Share of writes that can be read.',
      columns: [{ label: 'after the acknowledgement' }, { label: 'at least' }, { label: 'at most' }],
      rows: sharesOf(ends).map(({ tNs, low, high }) => ({ head: duration(tNs), cells: [percent(low), percent(high)] })),
    })}
    ${table({
      kind: 'quantiles',
      caption: 'Markers in the order of writing, in tenths.',
      columns: [
        { label: 'markers' },
        { label: 'shortest, upper end' },
        { label: 'longest, upper end' },
        { label: 'only an upper end' },
        { label: 'not seen in time' },
      ],
      rows: tenths(ends.length).map(([from, to]) => {
        const own = ends.slice(from, to)
        const uppers = own.flatMap(({ upperNs }) => upperNs ?? [])
        return {
          head: `${count(from + 1)} – ${count(to)}`,
          cells: [
            uppers.length === 0 ? MISSING : duration(Math.min(...uppers)),
            uppers.length === 0 ? MISSING : duration(Math.max(...uppers)),
            count(own.filter(({ lowerNs, upperNs }) => upperNs !== null && (lowerNs ?? 0) === 0).length),
            count(own.length - uppers.length),
          ],
        }
      }),
    })}
  </details> `
}

/** Up to ten stretches of about the same number, from and before. */
function tenths(total: number): (readonly [from: number, to: number])[] {
  const parts = Math.min(10, total)
  return Array.from(
    { length: parts },
    (_, n) => [Math.floor((n * total) / parts), Math.floor(((n + 1) * total) / parts)] as const,
  )
}
