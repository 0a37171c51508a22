import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { replay } from '../checks/open-round.ts'
import { Ledger } from './ledger.ts'

const operations = fc.array(fc.tuple(fc.nat(1000), fc.nat(1000)), { minLength: 1, maxLength: 60 })

/** Enters operations of a gap and a duration each, one after another, from the opening on. */
function entered(capacity: number, all: readonly (readonly [gap: number, duration: number])[]): Ledger {
  const ledger = new Ledger(capacity)
  let at = ledger.endOf(-1)
  for (const [gap, duration] of all) {
    const start = at + BigInt(gap)
    at = start + BigInt(duration)
    ledger.enter(ledger.operations, start, at)
    ledger.operations += 1
  }
  ledger.close()
  return ledger
}

test('bounds are the time inside, and that with the gaps on both sides', () => {
  fc.assert(
    fc.property(operations, (all) => {
      const { lowNs, highNs } = entered(all.length, all).bounds(0, all.length)
      expect([...lowNs]).toEqual(all.map(([, duration]) => duration))
      const inner = all.slice(0, -1).map(([gap, duration], n) => gap + duration + all[n + 1]![0])
      expect([...highNs.subarray(0, -1)]).toEqual(inner)
    }),
  )
})

test('keeps the newest, and comes back from a file as it was', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sqlatency-ledger-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  fc.assert(
    fc.property(operations, fc.integer({ min: 2, max: 40 }), (all, capacity) => {
      const ledger = entered(capacity, all)
      const path = join(folder, 'one')
      writeFileSync(path, ledger.bytes())
      const read = Ledger.read(path)
      const kept = Math.min(all.length, capacity - 1)
      const from = all.length - kept
      expect([...read.serviceNs(from, kept)]).toEqual(all.slice(from).map(([, duration]) => duration))
      expect(read.bounds(from, kept)).toEqual(ledger.bounds(from, kept))
      expect(read.operations).toBe(all.length)
    }),
    { numRuns: 30 },
  )
})

test('a replay adds up: who comes while the server is busy waits for the rest of it', () => {
  expect([...replay(Float64Array.of(0, 1, 10), Float64Array.of(5, 2, 1))]).toEqual([5, 6, 1])
})
