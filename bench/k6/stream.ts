import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'

/** What k6's JSON output holds of our script (https://grafana.com/docs/k6/latest/results-output/real-time/json/). */
export interface K6Stream {
  /** Nanoseconds. k6 writes its own nanoseconds as milliseconds with all digits, so rounding gives them back. */
  readonly answeredNs: Float64Array
  /** When each of them ended by k6's clock, microseconds since 1970. */
  readonly endedUs: Float64Array
  readonly errors: ReadonlyMap<string, number>
  readonly iterations: number
  readonly ended: number
  readonly dropped: number
}

interface Point {
  readonly metric: string
  readonly type: string
  readonly data: {
    readonly time: string
    readonly value: number
    readonly tags?: Readonly<Record<string, string>> | null
  }
}

/** Most lines are of k6's own metrics, and not worth parsing. */
const OURS = /"metric":"(?:sqlatency_\w+|iterations|dropped_iterations)"/

/**
 * Reads a gzipped stream of JSON lines to its end.
 * @throws where it is cut off or is no such stream
 */
export async function readStream(path: string): Promise<K6Stream> {
  const answeredNs: number[] = []
  const endedUs: number[] = []
  const errors = new Map<string, number>()
  const sums = { iterations: 0, dropped_iterations: 0, sqlatency_ended: 0 }
  const take = (line: string): void => {
    if (!OURS.test(line)) return
    const { metric, type, data } = JSON.parse(line) as Point
    if (type !== 'Point') return
    if (metric === 'sqlatency_operation') {
      answeredNs.push(Math.round(data.value * 1e6))
      endedUs.push(microseconds(data.time))
    } else if (metric === 'sqlatency_failed') {
      const code = data.tags?.['code'] ?? 'unknown'
      errors.set(code, (errors.get(code) ?? 0) + data.value)
    } else if (metric in sums) sums[metric as keyof typeof sums] += data.value
  }
  await pipeline(createReadStream(path), createGunzip(), async (text: AsyncIterable<Buffer>) => {
    let rest = ''
    for await (const chunk of text) {
      const lines = (rest + chunk.toString('utf8')).split('\n')
      rest = lines.pop()!
      lines.forEach(take)
    }
    take(rest)
  })
  return {
    answeredNs: Float64Array.from(answeredNs),
    endedUs: Float64Array.from(endedUs),
    errors,
    iterations: sums.iterations,
    ended: sums.sqlatency_ended,
    dropped: sums.dropped_iterations,
  }
}

/** A date has milliseconds; k6 writes up to nine digits. */
function microseconds(time: string): number {
  const digits = /\.(\d+)/.exec(time)?.[1] ?? ''
  return Date.parse(time) * 1000 + Number(digits.padEnd(6, '0').slice(3, 6))
}

/** Every answer of several, in the order of their ends: percentiles of it are those of all, and no average of percentiles. */
export function united(streams: readonly K6Stream[]): K6Stream {
  const answers = streams
    .flatMap(({ answeredNs, endedUs }) => Array.from(answeredNs, (ns, n) => ({ ns, endedUs: endedUs[n]! })))
    .toSorted((a, b) => a.endedUs - b.endedUs)
  const errors = new Map<string, number>()
  for (const stream of streams)
    for (const [code, count] of stream.errors) errors.set(code, (errors.get(code) ?? 0) + count)
  const sum = (what: 'iterations' | 'ended' | 'dropped'): number => streams.reduce((total, one) => total + one[what], 0)
  return {
    answeredNs: Float64Array.from(answers, ({ ns }) => ns),
    endedUs: Float64Array.from(answers, ({ endedUs }) => endedUs),
    errors,
    iterations: sum('iterations'),
    ended: sum('ended'),
    dropped: sum('dropped'),
  }
}
