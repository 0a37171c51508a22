import { count, duration, percent } from '../../reports/format.ts'
import { median, QUANTILES } from '../analyze/quantiles.ts'
import type { Budget } from './budget.ts'
import type { Finding, Section } from './finding.ts'
import { atLeast, times } from './finding.ts'
import { inFreshProcess, interleaved } from './fresh.ts'
import type { Percentiles } from './inside/percentiles.ts'

const COUNT = 10_000_000
const TIMES_FASTER = 2
const WAYS = ['ours', 'hdr wasm'] as const
/** One microsecond, a hundred, and milliseconds. */
const CELLS = ['better-sqlite3 point-read', 'postgres-local point-read', 'd1-worker insert']

/** Exact percentiles of ten million samples, beside those of a histogram that is not exact. */
export async function percentiles(
  budget: Budget,
  samples: Readonly<Record<string, readonly string[]>>,
): Promise<Section> {
  const findings: Finding[] = []
  for (const cell of CELLS) {
    const paths = samples[cell]
    if (paths === undefined) continue
    const seen = await interleaved(WAYS, budget.storageRepetitions, (by) =>
      inFreshProcess('percentiles', { by, paths, count: COUNT }),
    )
    const ns = (by: (typeof WAYS)[number]): number => median(seen[by].map(({ spentNs }) => spentNs))
    const faster = seen.ours.map(({ spentNs }, n) => seen['hdr wasm'][n]!.spentNs / spentNs)
    findings.push(
      { what: `${cell}: exact, by counting`, figure: duration(ns('ours')) },
      {
        what: '  hdr-histogram-js, wasm, 3 digits',
        figure: duration(ns('hdr wasm')),
        range: `off by up to ${percent(worst(seen.ours[0]!, seen['hdr wasm'][0]!))}`,
      },
      atLeast(median(faster), TIMES_FASTER, times, {
        what: '  how much sooner the exact ones are there',
        range: `${times(Math.min(...faster))} to ${times(Math.max(...faster))}`,
      }),
    )
  }
  return {
    title: `Percentiles: ${QUANTILES.length} of ${count(COUNT)} samples drawn from real rounds; ${budget.storageRepetitions} fresh processes each, interleaved; medians of processor time`,
    findings,
  }
}

const worst = (exact: Percentiles, other: Percentiles): number =>
  Math.max(...exact.values.map((value, n) => Math.abs(other.values[n]! / value - 1)))
