import { readFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { monitorEventLoopDelay, PerformanceObserver, performance } from 'node:perf_hooks'
import { setImmediate as yieldToEvents } from 'node:timers/promises'
import type { Witnesses } from '../contract/index.ts'
import { now } from './clock.ts'
import { openRunqueue } from './runqueue.ts'

/** A garbage collection, on the clock of the measurement. */
interface Collection {
  readonly startNs: number
  readonly durationNs: number
}

export interface Watched {
  readonly witnesses: Witnesses
  readonly collections: readonly Collection[]
}

/**
 * Begins to watch the machine; the returned function ends it and tells what was seen meanwhile.
 * @param watchLoop for sessions that need the event loop: how long it was held. A sync session holds it all the time.
 */
export function watchMachine(watchLoop = false): () => Promise<Watched> {
  const entries: { startTime: number; duration: number }[] = []
  const observer = new PerformanceObserver((list) => entries.push(...list.getEntries()))
  observer.observe({ entryTypes: ['gc'] })
  const loop = watchLoop ? loopDelay() : null
  const began = readCounters()
  const beganAt = performance.now()
  loop?.enable()
  return async () => {
    loop?.disable()
    const ended = readCounters()
    const endedAt = performance.now()
    // Entries reach the observer through the event loop, not at once.
    await yieldToEvents()
    await yieldToEvents()
    entries.push(...observer.takeRecords())
    observer.disconnect()
    const offsetNs = clockOffsetNs()
    const collections = entries
      .filter(({ startTime }) => startTime >= beganAt && startTime <= endedAt)
      .map(({ startTime, duration }) => ({ startNs: startTime * 1e6 + offsetNs, durationNs: duration * 1e6 }))
    return {
      collections,
      witnesses: {
        runqueueWaitNs: difference(ended.runqueueWaitNs, began.runqueueWaitNs),
        involuntarySwitches: ended.involuntarySwitches - began.involuntarySwitches,
        stealTicks: difference(ended.stealTicks, began.stealTicks),
        load1: loadavg()[0]!,
        gcCount: collections.length,
        gcNs: Math.round(collections.reduce((sum, { durationNs }) => sum + durationNs, 0)),
        eventLoop:
          loop === null || loop.count === 0 ? null : { maxNs: loop.max, sumNs: Math.round(loop.mean * loop.count) },
      },
    }
  }
}

/**
 * A sample every iteration. The timer that the default has instead leaves all but one sample of a stall out of its percentiles
 * (nodejs/node#34661), and adds wake-ups of its own.
 */
const loopDelay = (): ReturnType<typeof monitorEventLoopDelay> =>
  monitorEventLoopDelay({ samplePerIteration: true } as Parameters<typeof monitorEventLoopDelay>[0])

/** What to add to a time of `performance` to have it on the clock of the measurement: the tightest of some tries. */
function clockOffsetNs(): number {
  let [best, offsetNs] = [Infinity, 0]
  for (let n = 0; n < 20; n += 1) {
    const before = now()
    const between = performance.now()
    const gap = Number(now() - before)
    if (gap >= best) continue
    best = gap
    offsetNs = Number(before) + gap / 2 - between * 1e6
  }
  return offsetNs
}

interface Counters {
  readonly runqueueWaitNs: number | null
  readonly stealTicks: number | null
  readonly involuntarySwitches: number
}

function readCounters(): Counters {
  const runqueue = openRunqueue()
  const runqueueWaitNs = runqueue.waitNs()
  runqueue.close()
  return {
    runqueueWaitNs,
    stealTicks: stealTicks(),
    involuntarySwitches: process.resourceUsage().involuntaryContextSwitches,
  }
}

/** Of all processors together, from the first line of /proc/stat. */
function stealTicks(): number | null {
  try {
    const field = readFileSync('/proc/stat', 'latin1').split('\n', 1)[0]!.trim().split(/\s+/)[8]
    return field === undefined ? null : Number(field)
  } catch {
    return null
  }
}

const difference = (after: number | null, before: number | null): number | null =>
  after === null || before === null ? null : after - before
