import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import type { HttpFace } from '../contract/index.ts'
import { SqlatencyError } from '../contract/index.ts'
import type { K6Binary } from './binary.ts'
import { k6Environment } from './binary.ts'
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

/** Exit codes with which k6 has done its work: 0, and 99 for a threshold that was crossed, which is judged here anew. */
const DONE = [0, 99]
const LOG_LIMIT = 20_000

const BOND = '/usr/bin/setpriv'

/**
 * Runs k6 once and reads what it put out.
 * @throws SqlatencyError K6_FAILED where it, or an iteration of the script, failed; the reason of the signal when that is aborted
 */
export async function runK6(job: K6Job): Promise<K6Stream> {
  const { code, said } = await ended(job)
  job.signal.throwIfAborted()
  if (typeof code !== 'number' || !DONE.includes(code))
    throw failed(`k6 ended with ${typeof code === 'number' ? `exit code ${code}` : code}${firstError(said)}`)
  const stream = await readStream(job.output).catch((error: unknown) => {
    throw failed('The output of k6 cannot be read.', error)
  })
  const thrown = stream.iterations - stream.ended
  if (thrown > 0) throw failed(`${thrown} of ${stream.iterations} iterations threw${firstError(said)}`)
  return stream
}

function ended({ k6, script, scenario, face, output, timeoutMs, signal }: K6Job) {
  const args = ['run', '--no-usage-report', '--no-color', '--quiet', '--summary-mode=disabled', '--address', '']
  const command = [...bond(), k6.path, ...args, '--log-format', 'json', '--out', `json=${output}`, script]
  const [file, ...rest] = command as [string, ...string[]]
  return new Promise<{ code: number | string; said: string }>((resolve) => {
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
    const settle = (code: number | string): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', kill)
      resolve({ code, said })
    }
    child.once('error', (error) => settle(error.message))
    child.once('close', (code, by) => settle(code ?? by ?? 'no exit code'))
    if (signal.aborted) kill()
  })
}

/** On Linux it ends with the harness, however that ends. */
const bond = (): string[] => (process.platform === 'linux' && existsSync(BOND) ? [BOND, '--pdeathsig', 'KILL'] : [])

/** The first error in a log of JSON lines, without the place in the script. */
function firstError(said: string): string {
  for (const line of said.split('\n')) {
    const message = errorIn(line)
    if (message !== null) return `: ${message}`
  }
  return '.'
}

function errorIn(line: string): string | null {
  try {
    const { level, msg } = JSON.parse(line) as { level?: string; msg?: string }
    const first = msg?.trim().split('\n')[0]
    return level === 'error' && first !== undefined ? first : null
  } catch {
    return null
  }
}

const failed = (message: string, cause?: unknown): SqlatencyError =>
  new SqlatencyError('K6_FAILED', message, {}, { cause })
