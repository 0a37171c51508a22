import { HistogramLogWriter, build } from 'hdr-histogram-js'
import type { Histogram } from 'hdr-histogram-js'
import type { MeasuredCell, Run } from '../../bench/contract/index.ts'
import type { Exporter, SamplesOf } from './exporter.ts'
import { measuredCells, nameParts } from './names.ts'

/**
 * HdrHistogram V2 log, one tagged interval a cell, nanoseconds. Three digits round a value up by 0.1 % at most,
 * so the exact maximum stands beside each interval as a comment. https://github.com/HdrHistogram/HdrHistogram
 */
export const hlog: Exporter = { id: 'hlog', form: 'text', files: [{ name: 'run.hlog', chunks: intervals }] }

const NS_PER_MS = 1e6

function* intervals(run: Run, samplesOf: SamplesOf): Generator<string> {
  let pending = ''
  const log = new HistogramLogWriter((line) => (pending += line))
  const startedMs = Date.parse(run.startedAt)
  log.outputComment(`[sqlatency ${run.harness.version}, run ${encodeURIComponent(run.id)}, values in nanoseconds]`)
  log.outputLogFormatVersion()
  // The library's own line names the time zone of this machine and is followed by an empty line.
  log.outputComment(`[StartTime: ${(startedMs / 1000).toFixed(3)} (seconds since epoch), ${run.startedAt}]`)
  log.outputLegend()
  for (const cell of measuredCells(run)) {
    const histogram = histogramOf(cell, samplesOf)
    log.outputComment(`[Exact max of ${histogram.tag}: ${cell.estimates.maxNs} ns]`)
    const [from, to] = span(cell, startedMs)
    log.outputIntervalHistogram(histogram, from, to, NS_PER_MS)
    yield pending
    pending = ''
  }
  yield pending
}

function histogramOf(cell: MeasuredCell, samplesOf: SamplesOf): Histogram {
  // 64 bits: a cell may hold more operations of one latency than 2^32.
  const histogram = build({ bitBucketSize: 64, numberOfSignificantValueDigits: 3, autoResize: true })
  histogram.tag = tagOf(cell)
  for (const round of cell.rounds) for (const ns of samplesOf(round)) histogram.recordValue(Math.round(ns))
  return histogram
}

/** A comma, a space or a line break would end the tag. */
function tagOf(cell: MeasuredCell): string {
  return nameParts(cell)
    .map((part) => encodeURIComponent(part.toWellFormed()))
    .join('/')
}

/** Seconds since the run's start. Cells interleave, so their intervals overlap. */
function span({ rounds }: MeasuredCell, startedMs: number): [from: number, to: number] {
  const starts = rounds.map((round) => (Date.parse(round.startedAt) - startedMs) / 1000)
  const ends = rounds.map(
    (round, n) => starts[n]! + (round.connectNs + round.warmUp.durationNs + round.measuredNs) / 1e9,
  )
  return [Math.min(...starts), Math.max(...ends)]
}
