import { HistogramLogWriter, build } from 'hdr-histogram-js'
import type { Histogram } from 'hdr-histogram-js'
import type { MeasuredCell, Run } from '../../bench/contract/index.ts'
import type { Exporter, SamplesOf } from './exporter.ts'
import { measuredCells, nameParts } from './names.ts'

/**
 * HdrHistogram V2 log, one tagged interval a cell and for response time one more, nanoseconds. Three digits round a value up by 0.1 % at most,
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
    const { estimates } = cell
    const span = spanOf(cell, startedMs)
    const tag = nameParts(run, cell).map(tagPart).join('/')
    const output = (histogram: Histogram, of: string, maxNs: number): void => {
      histogram.tag = of
      log.outputComment(`[Exact max of ${of}: ${maxNs} ns]`)
      log.outputIntervalHistogram(histogram, ...span, NS_PER_MS)
    }
    const [service, response] = histogramsOf(cell, samplesOf)
    output(service, tag, estimates.maxNs)
    if (estimates.response !== null) {
      const { unissued, max } = estimates.response
      // A histogram cannot say "at least", and without them it would hide the worst.
      if (unissued > 0) log.outputComment(`[No ${tag}/response: ${unissued} operations were never issued]`)
      else output(response, `${tag}/response`, max.ns ?? 0)
    }
    yield pending
    pending = ''
  }
  yield pending
}

/** 64 bits: a cell may hold more operations of one latency than 2^32. */
const empty = (): Histogram => build({ bitBucketSize: 64, numberOfSignificantValueDigits: 3, autoResize: true })

function histogramsOf(cell: MeasuredCell, samplesOf: SamplesOf): [service: Histogram, response: Histogram] {
  const both: [Histogram, Histogram] = [empty(), empty()]
  for (const round of cell.rounds) {
    const { latenciesNs, waitsNs } = samplesOf(round)
    for (const [n, ns] of latenciesNs.entries()) {
      both[0].recordValue(Math.round(ns))
      if (waitsNs !== null) both[1].recordValue(Math.round(ns + waitsNs[n]!))
    }
  }
  return both
}

/** A comma, a space or a line break would end the tag. */
const tagPart = (part: string): string => encodeURIComponent(part.toWellFormed())

/** Seconds since the run's start. Cells interleave, so their intervals overlap. */
function spanOf({ rounds }: MeasuredCell, startedMs: number): [from: number, to: number] {
  const starts = rounds.map((round) => (Date.parse(round.startedAt) - startedMs) / 1000)
  const ends = rounds.map(
    (round, n) => starts[n]! + (round.connectNs + round.warmUp.durationNs + round.measuredNs) / 1e9,
  )
  return [Math.min(...starts), Math.max(...ends)]
}
