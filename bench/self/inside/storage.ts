import { readFileSync } from 'node:fs'
import { now } from '../../measure/clock.ts'
import { decodeSamples, encodeSamples } from '../../measure/samples.ts'

export interface Storage {
  readonly samples: number
  readonly bytesPerSample: number
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
    bytesPerSample: bytes / samples,
    encodedPerSecond: samples * timesPerSecond(() => rounds.forEach(encodeSamples)),
    decodedPerSecond: samples * timesPerSecond(() => files.forEach(decodeSamples)),
  }
}

function timesPerSecond(work: () => void): number {
  work()
  const start = now()
  for (let times = 1; ; times += 1) {
    work()
    const spentNs = Number(now() - start)
    if (spentNs > LEAST_NS) return (times / spentNs) * 1e9
  }
}
