import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Scope } from '../../bench/contract/index.ts'
import { SqlatencyError } from '../../bench/contract/index.ts'
import type { ServerProcess } from '../servers/process.ts'
import { startServer } from '../servers/process.ts'
import type { End } from './echo.ts'
import type { Line, LineEmulator, LineSettings } from './line.ts'
import type { RelayReply, RelayRequest } from './relay-process.ts'

/** This file runs from source and built, and so does its neighbour. */
const PROGRAM = fileURLToPath(
  new URL(`./relay-process${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url),
)

/**
 * A TCP relay in a process of its own, which runs everywhere and reaches every server.
 * The kernel shakes hands on either side of it, so connect() returns at once (the first bytes wait that round trip instead),
 * and there is no slow start: results above an initial TCP window (about 14 kB) come sooner than over a real distance.
 */
export const relay: LineEmulator = {
  id: 'relay',
  async open(ends: readonly End[], name: string, scope: Scope): Promise<Line> {
    let [echoPort, near]: [number, End[]] = [0, []]
    const server = await startServer(
      {
        name: `${name} relay`,
        command: process.execPath,
        args: [PROGRAM],
        ipc: true,
        async ready(started) {
          echoPort = (await ask(started, { echo: true })).port
          near = []
          for (const end of [loopback(echoPort), ...ends]) near.push(loopback((await ask(started, { open: end })).port))
        },
      },
      scope,
    )
    return {
      near: near.slice(1),
      echo: { far: near[0]!, here: loopback(echoPort) },
      set: async (settings: LineSettings) => void (await ask(server, { set: settings })),
    }
  },
}

const loopback = (port: number): End => ({ host: '127.0.0.1', port })

async function ask({ child }: ServerProcess, request: RelayRequest): Promise<RelayReply> {
  const answer = child.connected ? Promise.race([once(child, 'message'), once(child, 'exit').then(() => null)]) : null
  if (answer !== null) child.send(request, () => undefined)
  const message = await answer
  if (message === null) throw new SqlatencyError('SERVER_DIED', 'The relay ended before it had answered.')
  return message[0] as RelayReply
}
