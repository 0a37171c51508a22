import { readFileSync } from 'node:fs'
import * as hdr from 'hdr-histogram-js'
import { median, QUANTILES, quantiles } from '../../analyze/quantiles.ts'
import { seededRandom } from '../../contract/index.ts'
import { decodeSamples } from '../../measure/samples.ts'
import { SEED } from '../budget.ts'
import { processorNs } from './processor.ts'

export interface PercentilesInput {
  readonly by: 'ours' | 'hdr wasm'
  /** Drawn from the samples of these real rounds. */
  readonly paths: readonly string[]
  readonly count: number
}

export interface Percentiles {
  /** On the processor. */
  readonly spentNs: number
  readonly values: readonly number[]
}

const TRIES = 3

/** From recorded values to percentiles, and nothing before: each in a process of its own, once it is warm. */
export async function percentiles({ by, paths, count }: PercentilesInput): Promise<Percentiles> {
  const seen = Float64Array.from(paths.flatMap((path) => [...decodeSamples(readFileSync(path))]))
  const random = seededRandom(SEED, 'percentiles')
  const values = Float64Array.from({ length: count }, () => seen[random.integer(seen.length)]!)
  if (by === 'hdr wasm') await hdr.initWebAssembly()
  const work = { ours: () => quantiles([values], QUANTILES), 'hdr wasm': () => byHdr(values) }
  let found = work[by]()
  const spentNs = Array.from({ length: TRIES }, () => {
    const start = processorNs()
    found = work[by]()
    return processorNs() - start
  })
  return { spentNs: median(spentNs), values: found }
}

/** Three digits from 1 ns to an hour, recorded a value at a time: there is no other way. */
function byHdr(values: Float64Array): number[] {
  const histogram = hdr.build({
    useWebAssembly: true,
    lowestDiscernibleValue: 1,
    highestTrackableValue: 3.6e12,
    numberOfSignificantValueDigits: 3,
    autoResize: false,
    bitBucketSize: 64,
  })
  for (let n = 0; n < values.length; n += 1) histogram.recordValue(values[n]!)
  const found = QUANTILES.map((p) => histogram.getValueAtPercentile(p * 100))
  histogram.destroy()
  return found
}
