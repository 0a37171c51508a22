import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { foundBinary } from '../../adapters/servers/found-binary.ts'
import { messageOf, SqlatencyError } from '../contract/index.ts'

export interface K6Binary {
  readonly path: string
  /** As it says: `v2.2.0`. */
  readonly version: string
}

/** Major versions that run the script. */
const MAJORS = [1, 2]
const ANSWER_MS = 20_000

/**
 * k6 as named by a variable, else on the PATH.
 * @throws SqlatencyError K6_MISSING when there is none, none that runs, or one of another major version
 */
export async function findK6(): Promise<K6Binary> {
  const path = locate()
  const version = await versionOf(path)
  const major = Number(/^v(\d+)\./.exec(version)?.[1])
  if (!MAJORS.includes(major)) throw missing(`${path} is k6 ${version}, and the script is for ${MAJORS.join(' and ')}.`)
  return { path, version }
}

function locate(): string {
  try {
    return foundBinary('k6', 'SQLATENCY_K6_BIN', '')
  } catch (error) {
    throw missing(messageOf(error), error)
  }
}

async function versionOf(path: string): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(path, ['version', '--json'], {
      env: k6Environment(),
      timeout: ANSWER_MS,
    })
    return (JSON.parse(stdout) as { version: string }).version
  } catch (error) {
    throw missing(`${path} does not answer as k6 does.`, error)
  }
}

const missing = (message: string, cause?: unknown): SqlatencyError =>
  new SqlatencyError('K6_MISSING', message, {}, { cause })

/** Nothing of ours but what it needs: no settings of the user, no extension from the network. */
export function k6Environment(extra: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const { PATH, TMPDIR } = process.env
  return { PATH, TMPDIR, K6_AUTO_EXTENSION_RESOLUTION: 'false', ...extra }
}
