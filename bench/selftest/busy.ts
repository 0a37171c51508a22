import { readFileSync } from 'node:fs'

/**
 * Begins to watch how much others want the processors; the returned function tells the share of time in which
 * some task of this machine, this thread, or the machine itself was ready to run and had to wait. Null where the system does not tell.
 * Linux: documentation of sched-stats, of pressure stall information (PSI), and proc(5).
 */
export function watchBusy(): () => number | null {
  const before = waited()
  const began = performance.now()
  return () => {
    const after = waited()
    const passedNs = (performance.now() - began) * 1e6
    const shares = before.flatMap((ns, n) => (ns === null || after[n] === null ? [] : [(after[n]! - ns) / passedNs]))
    return shares.length === 0 ? null : Math.max(...shares)
  }
}

/** The kernel counts in hundredths of a second for user programs, whatever its own ticks are. */
const TICK_NS = 1e7

/** Nanoseconds of this thread, of whoever waits on this machine, and of the machine itself while another one ran (steal). */
const waited = (): (number | null)[] => [
  numberIn('/proc/thread-self/schedstat', /^\d+ (\d+)/, 1),
  numberIn('/proc/pressure/cpu', /^some .*total=(\d+)/m, 1000),
  numberIn('/proc/stat', /^cpu +(?:\d+ +){7}(\d+)/, TICK_NS),
]

function numberIn(path: string, pattern: RegExp, times: number): number | null {
  try {
    const found = pattern.exec(readFileSync(path, 'latin1'))?.[1]
    return found === undefined ? null : Number(found) * times
  } catch {
    return null
  }
}
