import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { isErrorCode, SqlatencyError } from '../contract/index.ts'

export interface ThreadInput {
  readonly role: 'reader' | 'load'
  readonly adapter: string
  readonly configPath: string | null
  readonly address: unknown
  readonly seed: number
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

/** A thread of this process with a connection of its own. */
export class LagThread {
  readonly #worker: Worker
  readonly #orders = new Map<number, { readonly begun: Pending<null>; readonly done: Pending<unknown> }>()
  #lastId = -1

  private constructor(input: ThreadInput) {
    this.#worker = new Worker(fileURLToPath(new URL(`../lag-thread${extname(import.meta.url)}`, import.meta.url)), {
      workerData: input,
    })
    this.#worker.on('message', (message: ThreadMessage) => this.#hear(message))
    this.#worker.on('error', (error) => this.#fail(error))
    this.#worker.on('exit', () => this.#fail(new Error('its thread ended')))
  }

  /** Settles when the connection stands. */
  static async start(input: ThreadInput): Promise<LagThread> {
    const thread = new LagThread(input)
    await thread.#expect().done
    return thread
  }

  order<Result>(order: LagOrder): Started<Result> {
    const started = this.#expect<Result>()
    this.#worker.postMessage({ id: this.#lastId, order })
    return started
  }

  async close(): Promise<void> {
    const ended = new Promise((resolve) => this.#worker.once('exit', resolve))
    this.#worker.postMessage(null)
    const timer = setTimeout(() => void this.#worker.terminate(), 2000)
    await ended
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
