import { setImmediate as yieldToEvents } from 'node:timers/promises'
import type { AsyncSession, Rows, Session, SyncSession } from '../../contract/index.ts'
import { now } from '../../measure/clock.ts'
import { Ledger } from './ledger.ts'

/** The one statement that takes time. Any other is answered at once, so that seeding and verifying have someone to talk to. */
export const TIMED = 'SELECT synthetic'

const NO_ROWS: Rows = []
const FACTS = { durability: 'undeclared', settings: {}, versions: {} } as const

/**
 * A backend of known latency. It spins on the clock of the measurement, so what it took is known to a nanosecond.
 * @param intended nanoseconds of each operation, and from the first again after the last
 */
export function openSynthetic(
  mode: Session['mode'],
  intended: BigInt64Array,
  atEnd: (ledger: Ledger) => void = () => undefined,
): { session: Session; ledger: Ledger } {
  const ledger = new Ledger(intended.length)
  const close = (): void => {
    ledger.close()
    atEnd(ledger)
  }
  const session = mode === 'sync' ? spinning(ledger, intended, close) : yielding(ledger, intended, close)
  return { session, ledger }
}

function spinning(ledger: Ledger, intended: BigInt64Array, close: () => void): SyncSession {
  const answer = (): Rows => {
    const start = now()
    const n = ledger.operations
    const until = start + wanted(intended, n)
    let end = now()
    while (end < until) end = now()
    ledger.enter(n, start, end)
    ledger.operations = n + 1
    return NO_ROWS
  }
  return {
    mode: 'sync',
    prepare: (text) => (text === TIMED ? answer : () => NO_ROWS),
    batch: () => undefined,
    facts: () => FACTS,
    close,
  }
}

/** Lets other events through while it waits, as a driver on a socket does. */
function yielding(ledger: Ledger, intended: BigInt64Array, close: () => void): AsyncSession {
  const answer = async (): Promise<Rows> => {
    const start = now()
    const n = ledger.operations
    ledger.operations = n + 1
    const until = start + wanted(intended, n)
    let end = now()
    while (end < until) {
      await yieldToEvents()
      end = now()
    }
    ledger.enter(n, start, end)
    return NO_ROWS
  }
  return {
    mode: 'async',
    prepare: (text) => (text === TIMED ? answer : () => Promise.resolve(NO_ROWS)),
    batch: () => Promise.resolve(),
    facts: () => Promise.resolve(FACTS),
    close: () => Promise.resolve(close()),
  }
}

/** What operation `n` is to take. */
const wanted = (intended: BigInt64Array, n: number): bigint => intended[n % intended.length]!
