import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import { slowOperations } from '../analyze/slow.ts'
import type { Question, Rows } from '../contract/index.ts'
import { now } from './clock.ts'
import { closedLoop } from './closed-loop.ts'
import { openRunqueue } from './runqueue.ts'
import { watchMachine } from './witnesses.ts'

const NO_ROWS: Rows = []
const budget = { durationNs: 1e12, maxOperations: 3000, minOperations: 3000 }
const source = { once: false, block: (length: number) => Array.from({ length }, (): Question => []) }

function spin(ns: number): Rows {
  const until = now() + BigInt(ns)
  while (now() < until);
  return NO_ROWS
}

setFlagsFromString('--expose-gc')
const collectAll = runInNewContext('gc') as () => void

describe.each(['sync', 'async'] as const)('%s loop', (mode) => {
  const watched = async (run: (asked: number) => Rows) => {
    let asked = 0
    const next = (): Rows => run((asked += 1))
    const runqueue = openRunqueue()
    const end = watchMachine(mode === 'async')
    const recording = await closedLoop(
      mode === 'sync' ? { mode, run: next } : { mode, run: async () => next() },
      source,
      budget,
      runqueue.waitNs,
    )
    const { witnesses, collections } = await end()
    runqueue.close()
    return { recording, witnesses, collections }
  }

  test('an operation that collects garbage is labelled so: both clocks are one', async () => {
    const { recording, witnesses, collections } = await watched((asked) => {
      if (asked === 1500) collectAll()
      return spin(5000)
    })
    expect(witnesses.gcCount).toBeGreaterThanOrEqual(1)
    expect(collections).toHaveLength(witnesses.gcCount)
    const { worst } = slowOperations(recording.durationsNs, 5000, recording.chunks, collections)
    expect(worst.find(({ index }) => index === 1499)).toMatchObject({ cause: 'gc' })
  })

  test('chunks hold every operation once, in order of time, and none overlaps the next', async () => {
    const { recording } = await watched(() => spin(5000))
    const { chunks, durationsNs } = recording
    expect(chunks.length).toBeGreaterThan(2)
    expect(chunks[0]!.first).toBe(0)
    for (const [n, { first, startNs }] of chunks.entries()) {
      const next = chunks[n + 1]
      const end = next?.first ?? durationsNs.length
      expect(end).toBeGreaterThan(first)
      const endNs = durationsNs.subarray(first, end).reduce((sum, ns) => sum + ns, startNs)
      if (next !== undefined) expect(next.startNs).toBeGreaterThanOrEqual(endNs - 1)
    }
  })

  test('errors leave the places of the other operations as they are', async () => {
    const { recording } = await watched((asked) => {
      if (asked % 100 === 0 && asked < 5000) throw new Error('busy')
      return spin(asked === 1550 ? 3_000_000 : 5000)
    })
    const { worst } = slowOperations(recording.durationsNs, 5000, recording.chunks, [])
    // 15 of the 1,549 operations before it failed and have no place.
    expect(worst.map(({ index }) => index)).toContain(1549 - 15)
  })
})

test('the event loop is watched for async sessions only, and a stall of it is seen', async () => {
  const asynchronous = watchMachine(true)
  await new Promise((resolve) => setTimeout(resolve, 5))
  spin(30e6)
  await new Promise((resolve) => setTimeout(resolve, 5))
  const { eventLoop } = (await asynchronous()).witnesses
  expect(eventLoop!.maxNs).toBeGreaterThanOrEqual(29e6)
  expect(eventLoop!.sumNs).toBeGreaterThanOrEqual(29e6)
  expect((await watchMachine()()).witnesses.eventLoop).toBeNull()
})

test.runIf(process.platform === 'linux')('waiting for a processor only grows, and is this thread’s own', () => {
  const runqueue = openRunqueue()
  let before = runqueue.waitNs()!
  for (let n = 0; n < 50; n += 1) {
    spin(10_000)
    const after = runqueue.waitNs()!
    expect(after).toBeGreaterThanOrEqual(before)
    before = after
  }
  runqueue.close()
})
