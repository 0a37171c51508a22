import { readFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { PerformanceObserver, performance } from 'node:perf_hooks'
import { setImmediate as yieldToEvents } from 'node:timers/promises'
import type { Witnesses } from '../contract/index.ts'

/** Begins to watch the machine; the returned function ends it and tells what was seen meanwhile. */
export function watchMachine(): () => Promise<Witnesses> {
  const collections: { startTime: number; duration: number }[] = []
  const observer = new PerformanceObserver((list) => collections.push(...list.getEntries()))
  observer.observe({ entryTypes: ['gc'] })
  const began = readCounters()
  const beganAt = performance.now()
  return async () => {
    const ended = readCounters()
    const endedAt = performance.now()
    // Entries reach the observer through the event loop, not at once.
    await yieldToEvents()
    await yieldToEvents()
    collections.push(...observer.takeRecords())
    observer.disconnect()
    const during = collections.filter(({ startTime }) => startTime >= beganAt && startTime <= endedAt)
    return {
      runqueueWaitNs: difference(ended.runqueueWaitNs, began.runqueueWaitNs),
      involuntarySwitches: ended.involuntarySwitches - began.involuntarySwitches,
      stealTicks: difference(ended.stealTicks, began.stealTicks),
      load1: loadavg()[0]!,
      gcCount: during.length,
      gcNs: Math.round(during.reduce((sum, { duration }) => sum + duration, 0) * 1e6),
    }
  }
}

interface Counters {
  readonly runqueueWaitNs: number | null
  readonly stealTicks: number | null
  readonly involuntarySwitches: number
}

function readCounters(): Counters {
  return {
    // "time on the processor, time waiting for it, slices", of the main thread: kernel documentation, sched-stats.
    runqueueWaitNs: fieldOf('/proc/thread-self/schedstat', 1),
    stealTicks: fieldOf('/proc/stat', 8),
    involuntarySwitches: process.resourceUsage().involuntaryContextSwitches,
  }
}

function fieldOf(path: string, index: number): number | null {
  try {
    const field = readFileSync(path, 'latin1').split('\n', 1)[0]!.trim().split(/\s+/)[index]
    return field === undefined ? null : Number(field)
  } catch {
    return null
  }
}

const difference = (after: number | null, before: number | null): number | null =>
  after === null || before === null ? null : after - before
