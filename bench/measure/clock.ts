/** The one clock of all measurements: monotonic, in nanoseconds. */
export const now: () => bigint = process.hrtime.bigint

export const CLOCK_NAME = 'process.hrtime.bigint (CLOCK_MONOTONIC)'

/** Median time between two readings in a row, nanoseconds. Disclosed, never subtracted from a figure. */
export function clockReadNs(readings = 20_001): number {
  const stamps = new BigInt64Array(readings)
  // The first passes run in code that is not yet optimized, where a reading takes twice as long as it does while measuring.
  for (let pass = 0; pass < WARM_PASSES; pass += 1) readAll(stamps)
  const gaps = new Float64Array(readings - 1)
  stampsToDurations(stamps, readings - 1, gaps, 0)
  gaps.sort()
  return gaps[gaps.length >> 1]!
}

const WARM_PASSES = 8

function readAll(stamps: BigInt64Array): void {
  for (let n = 0; n < stamps.length; n += 1) stamps[n] = now()
}

const HIGH_WORD = 4_294_967_296

/**
 * Differences of `count + 1` chained readings. Reads 32-bit halves, because subtracting BigInts would
 * leave one heap object a sample behind and so a collection for the next segment.
 */
export function stampsToDurations(stamps: BigInt64Array, count: number, durations: Float64Array, at: number): void {
  const words = new Uint32Array(stamps.buffer, stamps.byteOffset, (count + 1) * 2)
  for (let n = 0; n < count; n += 1) {
    const low = words[n * 2 + 2]! - words[n * 2]!
    const high = words[n * 2 + 3]! - words[n * 2 + 1]!
    durations[at + n] = high * HIGH_WORD + low
  }
}

/**
 * Nanoseconds since it was made, as a number. Reads 32-bit halves too: a loop that waits for a moment by looking at the clock
 * would otherwise leave millions of BigInts a second behind.
 */
export function stopwatch(): () => number {
  const stamps = new BigInt64Array(2)
  const words = new Uint32Array(stamps.buffer)
  stamps[0] = now()
  return () => {
    stamps[1] = now()
    return (words[3]! - words[1]!) * HIGH_WORD + (words[2]! - words[0]!)
  }
}
