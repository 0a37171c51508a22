import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Stage, Trouble } from '../contract/index.ts'
import { messageOf, SqlatencyError, toSqlatencyError } from '../contract/index.ts'
import { pinMainThread } from './placement.ts'

/** What a child process sends home. */
export type ChildMessage<Result> =
  /** Up, and about to load what an order needs. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'stage'; readonly stage: Stage }
  | { readonly kind: 'result'; readonly result: Result }
  | { readonly kind: 'trouble'; readonly trouble: Trouble }

export interface ChildJob {
  /** Which task of bench/child.ts. */
  readonly task: 'round' | 'lag'
  readonly input: unknown
  readonly cpus: readonly number[] | null
  /** Where compiled code is kept between rounds: starting takes a third of the time. */
  readonly cacheDirectory: string
  readonly timeoutMs: number
  readonly signal: AbortSignal
  /** Processes that have answered and are about to end. */
  readonly leaving: Set<Promise<unknown>>
}

/** Thrown by `runChild`: a trouble with its stage. */
class StageError extends Error {
  readonly trouble: Trouble
  constructor(trouble: Trouble) {
    super(trouble.message)
    this.trouble = trouble
  }
}

/** Runs one task in a fresh process and gives back its result. Throws a StageError when it fails, however it fails. */
export async function runChild<Result>(job: ChildJob): Promise<Result> {
  const child = spawn(process.execPath, ['--no-warnings', childFile()], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    serialization: 'advanced',
    env: { ...process.env, NODE_COMPILE_CACHE: job.cacheDirectory },
    // Ctrl-C reaches the parent alone, which then ends its children in order.
    detached: true,
  })
  let stage: Stage = 'connect'
  let said = ''
  const kill = (): void => void child.kill('SIGKILL')
  let isTimedOut = false
  const order = async (): Promise<void> => {
    try {
      if (job.cpus !== null) await pinMainThread(child.pid!, job.cpus)
    } catch (error) {
      // Unpinned, it would be measured under a wrong heading.
      said = messageOf(error)
      kill()
      return
    }
    child.send({ task: job.task, input: job.input }, () => undefined)
  }
  child.stderr?.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString('utf8')).slice(-2000)
  })
  const timer = setTimeout(() => {
    isTimedOut = true
    kill()
  }, job.timeoutMs)
  job.signal.addEventListener('abort', kill, { once: true })
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`))
  }).finally(() => {
    clearTimeout(timer)
    job.signal.removeEventListener('abort', kill)
    job.leaving.delete(ended)
  })
  job.leaving.add(ended)
  const answered = new Promise<ChildMessage<Result>>((resolve) => {
    child.on('message', (raw) => {
      const received = raw as ChildMessage<Result>
      if (received.kind === 'stage') stage = received.stage
      else if (received.kind === 'ready') void order()
      else resolve(received)
    })
  })
  // The answer is enough to go on: the process has closed its session by then, and ends while the next one starts.
  const last = await Promise.race([answered, ended])
  job.signal.throwIfAborted()
  if (typeof last === 'string') throw new StageError(died(stage, last, said, isTimedOut ? job.timeoutMs : null))
  if (last.kind === 'result') return last.result
  throw new StageError((last as Extract<typeof last, { kind: 'trouble' }>).trouble)
}

/** @param timeoutMs null when the process ended of itself, or by another's hand */
function died(stage: Stage, how: string, said: string, timeoutMs: number | null): Trouble {
  const last = said.trim().split('\n').at(-1) ?? ''
  return timeoutMs !== null
    ? troubleOf(
        new SqlatencyError('TOO_SLOW', `The process of this round was ended after ${timeoutMs / 1000} s.`),
        stage,
      )
    : troubleOf(
        new SqlatencyError('CHILD_DIED', `The process of this round died (${how})${last === '' ? '.' : `: ${last}`}`),
        stage,
      )
}

export function troubleOf(thrown: unknown, stage: Stage, details: Readonly<Record<string, string>> = {}): Trouble {
  if (thrown instanceof StageError) return thrown.trouble
  const error = toSqlatencyError(thrown, details)
  return { stage, code: error.code, message: oneSentence(error.message), remedy: error.remedy }
}

const oneSentence = (message: string): string => message.replaceAll(/\s+/g, ' ').trim().slice(0, 600)

/** bench/child, as source or as built. */
function childFile(): string {
  const file = fileURLToPath(new URL(`../child${extname(import.meta.url)}`, import.meta.url))
  if (!existsSync(file)) throw new SqlatencyError('CHILD_DIED', 'bench/child is missing from this installation.')
  return file
}
