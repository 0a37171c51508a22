import { readFileSync } from 'node:fs'
import { decodeSamples, encodeSamples } from '../../measure/samples.ts'
import { entropyBytes } from '../entropy.ts'
import { processorNs } from './processor.ts'

export interface Storage {
  readonly samples: number
  /** Of a round. */
  readonly fewestSamples: number
  readonly bytesPerSample: number
  /** Of each round on its own, as each is stored on its own. */
  readonly entropyBytesPerSample: number
  /** Of time on the processor. */
  readonly encodedPerSecond: number
  readonly decodedPerSecond: number
}

const LEAST_NS = 200e6

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

function timesPerSecond(work: () => void): number {
  work()
  const start = processorNs()
  for (let times = 1; ; times += 1) {
    work()
    const spentNs = processorNs() - start
    if (spentNs > LEAST_NS) return (times / spentNs) * 1e9
  }
}
