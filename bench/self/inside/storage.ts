import { readFileSync } from 'node:fs'
import { median } from '../../analyze/quantiles.ts'
import { now } from '../../measure/clock.ts'
import { decodeSamples, encodeSamples } from '../../measure/samples.ts'
import { entropyBytes } from '../entropy.ts'

export interface Storage {
  readonly samples: number
  /** Of a round. */
  readonly fewestSamples: number
  readonly bytesPerSample: number
  /** Of each round on its own, as each is stored on its own. */
  readonly entropyBytesPerSample: number
  readonly encodedPerSecond: number
  readonly decodedPerSecond: number
}

const LEAST_NS = 400_000_000n

/** Encodes and decodes the samples of real rounds. */
export function storage({ paths }: { readonly paths: readonly string[] }): Storage {
  const files = paths.map((path) => readFileSync(path))
  const rounds = files.map(decodeSamples)
  const samples = rounds.reduce((sum, round) => sum + round.length, 0)
  const bytes = files.reduce((sum, file) => sum + file.length, 0)
  return {
    samples,
    fewestSamples: Math.min(...rounds.map((round) => round.length)),
    bytesPerSample: bytes / samples,
    entropyBytesPerSample: rounds.reduce((sum, round) => sum + entropyBytes(round) * round.length, 0) / samples,
    encodedPerSecond: samples * timesPerSecond(() => rounds.forEach(encodeSamples)),
    decodedPerSecond: samples * timesPerSecond(() => files.forEach(decodeSamples)),
  }
}

/** From the median of many calls, because a call that the machine interrupted says nothing of the code. */
function timesPerSecond(work: () => void): number {
  work()
  const spentNs: number[] = []
  const end = now() + LEAST_NS
  for (let start = now(); start < end;) {
    work()
    const after = now()
    spentNs.push(Number(after - start))
    start = after
  }
  return 1e9 / median(spentNs)
}
