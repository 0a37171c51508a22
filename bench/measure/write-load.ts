import { setImmediate as yieldToEvents, setTimeout as sleep } from 'node:timers/promises'
import type { LagWriter, Random } from '../contract/index.ts'
import { messageOf } from '../contract/index.ts'
import { now } from './clock.ts'

/** What was written, and how well it kept to the timetable. */
export interface WrittenLoad {
  readonly writeNs: readonly number[]
  readonly failed: number
  readonly firstError: string | null
  readonly durationNs: number
}

/**
 * Writes at times that do not depend on the answers (Poisson arrivals at `perSecond`), one write in flight:
 * what is due while another is under way goes out as soon as that one is back.
 */
export async function writeAtRate(
  writer: LagWriter,
  firstMarker: number,
  perSecond: number,
  random: Random,
  signal: AbortSignal,
): Promise<WrittenLoad> {
  const begun = now()
  const writeNs: number[] = []
  let failed = 0
  let firstError: string | null = null
  let dueNs = 0
  for (let marker = firstMarker; !signal.aborted; marker += 1) {
    dueNs += (-Math.log(1 - random.real()) / perSecond) * 1e9
    const waitMs = (dueNs - Number(now() - begun)) / 1e6
    // A writer that blocks and is always late would otherwise never hear that it shall stop.
    await (waitMs >= 1 ? sleep(waitMs) : yieldToEvents())
    const start = now()
    try {
      await writer.write(marker)
      writeNs.push(Number(now() - start))
    } catch (error) {
      failed += 1
      firstError ??= messageOf(error)
      // A primary that is gone must not make this a busy loop.
      await sleep(10)
    }
  }
  return { writeNs, failed, firstError, durationNs: Number(now() - begun) }
}
