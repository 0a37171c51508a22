import { closeSync, openSync, readSync } from 'node:fs'

export interface Runqueue {
  /** Time that this thread was ready and did not run, since it began; null where the system does not tell. */
  readonly waitNs: () => number | null
  close(): void
}

const SPACE = 0x20
const ZERO = 0x30

/**
 * "Time on the processor, time waiting for it, slices" of the thread that opens it (kernel documentation, sched-stats).
 * Opened once and read without making strings: it is read twice a chunk, though never on the clock.
 */
export function openRunqueue(): Runqueue {
  let file: number
  try {
    file = openSync('/proc/thread-self/schedstat', 'r')
  } catch {
    return { waitNs: () => null, close: () => undefined }
  }
  const line = Buffer.alloc(64)
  return {
    waitNs() {
      const length = readSync(file, line, 0, line.length, 0)
      let at = line.indexOf(SPACE) + 1
      let value = 0
      for (; at < length && line[at] !== SPACE; at += 1) value = value * 10 + line[at]! - ZERO
      return value
    },
    close: () => closeSync(file),
  }
}
