import { setImmediate as yieldToEvents } from 'node:timers/promises'
import type { AsyncSession, Rows } from '../../contract/index.ts'
import { now } from '../../measure/clock.ts'
import { Ledger } from './ledger.ts'

const NO_ROWS: Rows = []

/** A server with one hand: whoever asks waits for everybody that asked before. It answers every text alike. */
export function openQueue(intended: BigInt64Array): { session: AsyncSession; ledger: Ledger } {
  const ledger = new Ledger(intended.length)
  const waiting: ((rows: Rows) => void)[] = []
  let isServing = false

  async function serve(): Promise<void> {
    isServing = true
    for (let answer = waiting.shift(); answer !== undefined; answer = waiting.shift()) {
      const n = ledger.operations
      ledger.operations = n + 1
      const start = now()
      const until = start + intended[n]!
      let end = now()
      while (end < until) {
        await yieldToEvents()
        end = now()
      }
      ledger.enter(n, start, end)
      answer(NO_ROWS)
    }
    isServing = false
  }

  const ask = (): Promise<Rows> =>
    new Promise((resolve) => {
      waiting.push(resolve)
      if (!isServing) void serve()
    })
  return {
    session: {
      mode: 'async',
      prepare: () => ask,
      batch: () => Promise.resolve(),
      facts: () => Promise.resolve({ durability: 'undeclared', settings: {}, versions: {} }),
      close: () => Promise.resolve(ledger.close()),
    },
    ledger,
  }
}
