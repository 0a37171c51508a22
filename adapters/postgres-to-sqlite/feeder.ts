import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Scope } from '../../bench/contract/index.ts'
import { SqlatencyError } from '../../bench/contract/index.ts'
import type { ServerProcess } from '../servers/process.ts'
import { startServer } from '../servers/process.ts'
import type { HybridAddress } from './address.ts'

/** What the feeder is told. It holds the password, so it goes over a channel and not into the arguments. */
export type FeederTask = Pick<HybridAddress, 'feed' | 'primary' | 'consumer' | 'pollIntervalMs'>

/** Added to the SQLite file's name: why its feeder ended. */
export const LAST_WORDS = '-feeder-error'

/** This file runs from source and built, and so does its neighbour. */
const PROGRAM = fileURLToPath(
  new URL(`./feeder-process${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url),
)

/** Starts the process that feeds a SQLite file, which is there already; settles when changes flow. */
export function startFeeder(file: string, task: FeederTask, scope: Scope): Promise<ServerProcess> {
  return startServer(
    {
      name: 'The feeder of the SQLite file',
      command: process.execPath,
      args: ['--no-warnings', PROGRAM, file],
      ipc: true,
      async ready({ child }) {
        child.send(task, () => undefined)
        await once(child, 'message')
      },
    },
    scope,
  )
}

/** Nothing arrives any more when the feeder is gone, and waiting would be in vain. */
export function refuseDeadFeeder({ feederPid, file }: Pick<HybridAddress, 'feederPid' | 'file'>): void {
  try {
    process.kill(feederPid, 0)
  } catch {
    const words = `${file}${LAST_WORDS}`
    const said = existsSync(words) ? `it said: ${readFileSync(words, 'utf8')}` : 'it was killed'
    throw new SqlatencyError('SERVER_DIED', `The process that feeds the SQLite file ended; ${said}`)
  }
}
