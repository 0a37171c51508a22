import type { BackendSpec } from '../contract/index.ts'
import { SqlatencyError, namedDistances } from '../contract/index.ts'
import { durationNs, unknownName } from './flags.ts'

/** Round trips in nanoseconds, without 0, which every run measures; by rising distance. */
export function distancesNs(items: readonly (string | number)[]): number[] {
  const ns = items.map((item) => oneNs(String(item).trim()))
  return [...new Set(ns)].filter((one) => one > 0).toSorted((a, b) => a - b)
}

const MOST_MS = 10_000

/** `20`, `20ms`, `500us` or `cross-country`. */
function oneNs(text: string): number {
  if (Object.hasOwn(namedDistances, text)) return namedDistances[text]!.rttMs * 1e6
  if (/^[a-z]/i.test(text)) throw unknownName('distance', text, Object.keys(namedDistances))
  const ns = text !== '' && Number.isFinite(Number(text)) ? Number(text) * 1e6 : durationNs('--distances', text)
  if (ns >= 0 && ns <= MOST_MS * 1e6) return ns
  throw new SqlatencyError('USAGE', `A distance of ${text} cannot be emulated; write 0 to ${MOST_MS} ms.`)
}

/**
 * Every backend, followed by itself at each distance where it can be moved: where the harness starts its database, and no
 * distance of its own was asked for.
 */
export function withDistances(backends: readonly BackendSpec[], rttsNs: readonly number[]): BackendSpec[] {
  return backends.flatMap((base) => [
    base,
    ...(isMovable(base) ? rttsNs : []).map((rttNs) => ({
      ...base,
      id: `${base.id}@${rttNs / 1e6}ms`,
      title: `${base.title}, ${rttNs / 1e6} ms away`,
      options: { ...base.options, rttMs: rttNs / 1e6 },
      movedFrom: base.id,
    })),
  ])
}

const isMovable = ({ adapter, options }: BackendSpec): boolean =>
  adapter.move !== undefined && typeof options.url !== 'string' && options.rttMs === 0
