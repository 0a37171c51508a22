import { mkdtempSync, rmSync, statfsSync, writeFileSync, chmodSync, mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Scope } from '../contract/index.ts'

/** The prefix by which `sqlatency clean` knows our folders. */
export const WORK_PREFIX = 'sqlatency-'
export const OWNER_FILE = 'owner.json'

const TMPFS_MAGIC = 0x01021994

/** A folder on a real disk: fsync costs nothing in memory, and a "durable" figure from there would be a lie. */
export function workRoot(): string {
  const temporary = tmpdir()
  try {
    if (statfsSync(temporary).type === TMPFS_MAGIC && statfsSync('/var/tmp').type !== TMPFS_MAGIC) return '/var/tmp'
  } catch {
    // No such call or folder on this system: the default is what there is.
  }
  return temporary
}

/**
 * Owns everything that a run starts: a work folder and the teardowns of all backends. Disposing undoes it in reverse order,
 * goes on past failures, and reports them together.
 */
export class Workplace implements AsyncDisposable {
  readonly directory: string
  readonly #teardowns: (() => void | Promise<void>)[] = []
  readonly #signal: AbortSignal
  #closed: Promise<void> | null = null
  #isOver = false

  constructor(signal: AbortSignal) {
    this.#signal = signal
    this.directory = mkdtempSync(join(workRoot(), WORK_PREFIX))
    // Servers that may not run as root need to pass through; they cannot list.
    chmodSync(this.directory, 0o711)
    writeFileSync(join(this.directory, OWNER_FILE), JSON.stringify({ pid: process.pid }))
  }

  scope(backend: string, serverCpus: readonly number[] | null): Scope {
    const directory = join(this.directory, backend)
    mkdirSync(directory, { mode: 0o711 })
    return { directory, serverCpus, signal: this.#signal, defer: (teardown) => this.defer(teardown) }
  }

  /** Also while disposing goes on. Afterwards nobody would call it, so that is a defect. */
  defer(teardown: () => void | Promise<void>): void {
    if (this.#isOver) throw new Error('something was started after everything had been taken down')
    this.#teardowns.push(teardown)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await (this.#closed ??= this.#close())
  }

  async #close(): Promise<void> {
    const failures: unknown[] = []
    for (let teardown = this.#teardowns.pop(); teardown !== undefined; teardown = this.#teardowns.pop()) {
      try {
        await teardown()
      } catch (error) {
        failures.push(error)
      }
    }
    this.#isOver = true
    rmSync(this.directory, { recursive: true, force: true, maxRetries: 3 })
    if (failures.length > 0) throw new AggregateError(failures, `clean-up failed ${failures.length} times`)
  }
}
