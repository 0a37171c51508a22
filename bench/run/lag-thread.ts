import { isErrorCode, SqlatencyError } from '../contract/index.ts'
import type { LagPeer } from './lag-peer.ts'
import { processPeer, threadPeer } from './lag-peer.ts'

export interface ThreadInput {
  readonly role: 'reader' | 'load'
  readonly adapter: string
  readonly configPath: string | null
  readonly address: unknown
  readonly seed: number
  /** In a process of its own. */
  readonly apart: boolean
}

/** What a thread is told. */
export type LagOrder =
  | { readonly kind: 'watch'; readonly marker: number; readonly gapNs: number; readonly timeoutNs: number }
  | { readonly kind: 'read'; readonly marker: number; readonly durationNs: number }
  /** Goes on until `stop`. */
  | { readonly kind: 'write'; readonly firstMarker: number; readonly perSecond: number }
  | { readonly kind: 'stop' }

/** What it answers; 0 is the number of its start. */
export type ThreadMessage = { readonly id: number } & (
  | { readonly kind: 'begun' }
  | { readonly kind: 'done'; readonly result: unknown }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string }
)

/** A promise that may be looked at late: its failure is not reported as unhandled. */
interface Pending<Result> {
  readonly promise: Promise<Result>
  resolve(result: Result): void
  reject(error: unknown): void
}

function pending<Result>(): Pending<Result> {
  const made = Promise.withResolvers<Result>()
  made.promise.catch(() => undefined)
  return made
}

/** A started order: it has begun, and it is done. */
export interface Started<Result> {
  readonly begun: Promise<unknown>
  readonly done: Promise<Result>
}

/** A thread of this process with a connection of its own, or a process where the driver needs that; both have the same clock. */
export class LagThread {
  readonly #peer: LagPeer
  readonly #orders = new Map<number, { readonly begun: Pending<null>; readonly done: Pending<unknown> }>()
  #lastId = -1

  private constructor(input: ThreadInput) {
    this.#peer = (input.apart ? processPeer : threadPeer)(input, {
      message: (message) => this.#hear(message),
      end: (error) => this.#fail(error),
    })
  }

  /** Settles when the connection stands. */
  static async start(input: ThreadInput): Promise<LagThread> {
    const thread = new LagThread(input)
    await thread.#expect().done
    return thread
  }

  order<Result>(order: LagOrder): Started<Result> {
    const started = this.#expect<Result>()
    this.#peer.tell({ id: this.#lastId, order })
    return started
  }

  async close(): Promise<void> {
    this.#peer.tell(null)
    const timer = setTimeout(() => this.#peer.kill(), 2000)
    await this.#peer.ended
    clearTimeout(timer)
  }

  #expect<Result>(): Started<Result> {
    this.#lastId += 1
    const [begun, done] = [pending<null>(), pending<unknown>()]
    this.#orders.set(this.#lastId, { begun, done })
    return { begun: begun.promise, done: done.promise as Promise<Result> }
  }

  #hear(message: ThreadMessage): void {
    const order = this.#orders.get(message.id)
    if (message.kind === 'begun') return order?.begun.resolve(null)
    this.#orders.delete(message.id)
    if (message.kind === 'done') return order?.done.resolve(message.result)
    const { code, message: text } = message
    const error = isErrorCode(code) ? new SqlatencyError(code, text) : Object.assign(new Error(text), { code })
    order?.begun.reject(error)
    order?.done.reject(error)
  }

  #fail(error: unknown): void {
    for (const { begun, done } of this.#orders.values()) {
      begun.reject(error)
      done.reject(error)
    }
    this.#orders.clear()
  }
}
