import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'

/** What k6's JSON output holds of our script (https://grafana.com/docs/k6/latest/results-output/real-time/json/). */
export interface K6Stream {
  /** Nanoseconds. k6 writes its own nanoseconds as milliseconds with all digits, so rounding gives them back. */
  readonly answeredNs: Float64Array
  readonly errors: ReadonlyMap<string, number>
  readonly iterations: number
  readonly ended: number
  readonly dropped: number
}

interface Point {
  readonly metric: string
  readonly type: string
  readonly data: { readonly value: number; readonly tags?: Readonly<Record<string, string>> | null }
}

/** Most lines are of k6's own metrics, and not worth parsing. */
const OURS = /"metric":"(?:sqlatency_\w+|iterations|dropped_iterations)"/

/**
 * Reads a gzipped stream of JSON lines to its end.
 * @throws where it is cut off or is no such stream
 */
export async function readStream(path: string): Promise<K6Stream> {
  const answeredNs: number[] = []
  const errors = new Map<string, number>()
  const sums = { iterations: 0, dropped_iterations: 0, sqlatency_ended: 0 }
  const take = (line: string): void => {
    if (!OURS.test(line)) return
    const { metric, type, data } = JSON.parse(line) as Point
    if (type !== 'Point') return
    if (metric === 'sqlatency_operation') answeredNs.push(Math.round(data.value * 1e6))
    else if (metric === 'sqlatency_failed') {
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
    errors,
    iterations: sums.iterations,
    ended: sums.sqlatency_ended,
    dropped: sums.dropped_iterations,
  }
}
