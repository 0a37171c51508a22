import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import type { HttpFace } from '../contract/index.ts'
import { SqlatencyError } from '../contract/index.ts'
import type { K6Binary } from './binary.ts'
import { k6Environment } from './binary.ts'
import { firstError } from './log.ts'
import type { K6Stream } from './stream.ts'
import { readStream } from './stream.ts'

export interface K6Job {
  readonly k6: K6Binary
  /** The script, with its plan and questions beside it. */
  readonly script: string
  /** As the script knows it. */
  readonly scenario: string
  readonly face: HttpFace
  /** Where its output goes; ends in `.json.gz`. */
  readonly output: string
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

export interface K6Process {
  readonly ended: Promise<K6End>
  kill(): void
}

export interface K6End {
  /** Exit code, else what ended it. */
  readonly code: number | string
  readonly said: string
}

/** Exit codes with which k6 has done its work: 0, and 99 for a threshold that was crossed, which is judged here anew. */
const DONE = [0, 99]
const LOG_LIMIT = 20_000

const BOND = '/usr/bin/setpriv'

/**
 * Runs k6 once and reads what it put out.
 * @throws SqlatencyError K6_FAILED where it, or an iteration of the script, failed; the reason of the signal when that is aborted
 */
export async function runK6(job: K6Job): Promise<K6Stream> {
  const end = await startK6(job, ['--address', '']).ended
  job.signal.throwIfAborted()
  return withoutExceptions(await outputOf(job, end), [end])
}

/** @throws SqlatencyError K6_FAILED where it did not come to its end, or left no output that can be read */
export async function outputOf({ output }: K6Job, { code, said }: K6End): Promise<K6Stream> {
  if (typeof code !== 'number' || !DONE.includes(code))
    throw k6Failed(`k6 ended with ${typeof code === 'number' ? `exit code ${code}` : code}${firstError(said)}`)
  return readStream(output).catch((error: unknown) => {
    throw k6Failed('The output of k6 cannot be read.', error)
  })
}

/** k6 goes on after an exception in an iteration, and exits with 0. */
export function withoutExceptions(stream: K6Stream, ends: readonly K6End[]): K6Stream {
  const thrown = stream.iterations - stream.ended
  if (thrown === 0) return stream
  const said = ends.map((end) => end.said).join('\n')
  throw k6Failed(`${thrown} of ${stream.iterations} iterations threw${firstError(said)}`)
}

/** @param more flags of k6 */
export function startK6(job: K6Job, more: readonly string[]): K6Process {
  const { k6, script, scenario, face, output, timeoutMs, signal } = job
  const args = ['run', '--no-usage-report', '--no-color', '--quiet', '--summary-mode=disabled', ...more]
  const command = [...bond(), k6.path, ...args, '--log-format', 'json', '--out', `json=${output}`, script]
  const [file, ...rest] = command as [string, ...string[]]
  const child = spawn(file, rest, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: k6Environment({
      HOME: dirname(script),
      SQLATENCY_URL: face.url,
      SQLATENCY_TOKEN: face.token,
      SQLATENCY_K6_SCENARIO: scenario,
    }),
    // Ctrl-C reaches the harness alone, which then ends it.
    detached: true,
  })
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => {
    // The first error is the one to tell.
    if (said.length < LOG_LIMIT) said += chunk.toString('utf8')
  })
  const kill = (): void => void child.kill('SIGKILL')
  const timer = setTimeout(kill, timeoutMs)
  signal.addEventListener('abort', kill, { once: true })
  if (signal.aborted) kill()
  const ended = new Promise<K6End>((resolve) => {
    const settle = (code: number | string): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', kill)
      resolve({ code, said })
    }
    child.once('error', (error) => settle(error.message))
    child.once('close', (code, by) => settle(code ?? by ?? 'no exit code'))
  })
  return { ended, kill }
}

/** On Linux it ends with the harness, however that ends. */
const bond = (): string[] => (process.platform === 'linux' && existsSync(BOND) ? [BOND, '--pdeathsig', 'KILL'] : [])

export const k6Failed = (message: string, cause?: unknown): SqlatencyError =>
  new SqlatencyError('K6_FAILED', message, {}, { cause })
