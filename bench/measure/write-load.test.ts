import { expect, test } from 'vitest'
import type { LagWriter } from '../contract/index.ts'
import { seededRandom } from '../contract/index.ts'
import { writeAtRate } from './write-load.ts'

const close = (): Promise<void> => Promise.resolve()

test('writes markers in order until it is stopped, one at a time, and counts those that failed', async () => {
  const controller = new AbortController()
  const asked: number[] = []
  let [inFlight, most] = [0, 0]
  const writer: LagWriter = {
    async write(marker) {
      asked.push(marker)
      inFlight += 1
      most = Math.max(most, inFlight)
      await new Promise((resolve) => setImmediate(resolve))
      inFlight -= 1
      if (asked.length === 20) controller.abort()
      if (marker % 4 === 0) throw new Error(`no ${marker}`)
      return null
    },
    close,
  }
  const written = await writeAtRate(writer, 1000, 10_000, seededRandom(1), controller.signal)
  expect(asked).toEqual(Array.from({ length: 20 }, (_, n) => 1000 + n))
  expect(most).toBe(1)
  expect(written).toMatchObject({ failed: 5, firstError: 'no 1000' })
  expect(written.writeNs).toHaveLength(15)
})

test('asks for nothing when it is stopped before it begins', async () => {
  const writer: LagWriter = { write: () => Promise.reject(new Error('asked')), close }
  const written = await writeAtRate(writer, 1, 100, seededRandom(1), AbortSignal.abort())
  expect(written).toMatchObject({ failed: 0, firstError: null, writeNs: [] })
})

test('hears that it shall stop although every write blocks and is late', async () => {
  const controller = new AbortController()
  let writes = 0
  const writer: LagWriter = {
    write() {
      writes += 1
      if (writes === 1) setImmediate(() => controller.abort())
      // Long before: without a turn of the event loop this would go on.
      if (writes > 1000) throw new Error('never stopped')
      return Promise.resolve(null)
    },
    close,
  }
  const written = await writeAtRate(writer, 1, 1e9, seededRandom(1), controller.signal)
  expect(written.failed).toBe(0)
})
