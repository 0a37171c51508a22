import { mkdtempSync, rmSync, statfsSync, writeFileSync, chmodSync, mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Scope } from '../contract/index.ts'
import { messageOf, SqlatencyError } from '../contract/index.ts'
import { thisProcess } from '../contract/owner.ts'

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
 * goes on past failures, and tells them together as CLEAN_UP_FAILED: to `complain` where there is one, else it throws.
 */
export class Workplace implements AsyncDisposable {
  readonly directory: string
  /** So that what was made meanwhile is not lost to an error of tidying up. */
  complain: ((error: SqlatencyError) => void) | null = null
  readonly #teardowns: (() => void | Promise<void>)[] = []
  readonly #signal: AbortSignal
  #closed: Promise<void> | null = null
  #isOver = false

  constructor(signal: AbortSignal) {
    this.#signal = signal
    this.directory = mkdtempSync(join(workRoot(), WORK_PREFIX))
    // Servers that may not run as root need to pass through; they cannot list.
    chmodSync(this.directory, 0o711)
    writeFileSync(join(this.directory, OWNER_FILE), JSON.stringify(thisProcess()))
  }

  scope(backend: string, serverCpus: readonly number[] | null): Scope {
    const directory = join(this.directory, backend)
    mkdirSync(directory, { mode: 0o711 })
    return {
      directory,
      serverCpus,
      signal: this.#signal,
      defer: (teardown) => this.defer(() => naming(backend, teardown)),
    }
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
    try {
      rmSync(this.directory, { recursive: true, force: true, maxRetries: 3 })
    } catch (error) {
      failures.push(error)
    }
    if (failures.length === 0) return
    const what = failures.map((failure) => messageOf(failure).replaceAll(/\s+/g, ' ').trim()).join('; ')
    const error = new SqlatencyError('CLEAN_UP_FAILED', `Clean-up failed: ${what}.`, {}, { cause: failures })
    if (this.complain === null) throw error
    this.complain(error)
  }
}

async function naming(backend: string, teardown: () => void | Promise<void>): Promise<void> {
  try {
    await teardown()
  } catch (error) {
    throw new Error(`${backend}: ${messageOf(error)}`, { cause: error })
  }
}
