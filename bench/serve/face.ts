import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Refusal } from '../../adapters/d1/guard.ts'
import { bodyOf, operationRoutes, requirePost, routeOf } from '../../adapters/d1/routes.ts'
import type { HttpFace } from '../contract/index.ts'
import { codeOf, messageOf, SqlatencyError } from '../contract/index.ts'
import { limitedBody, tokenGuard } from './guard.ts'
import type { PoolOptions } from './pool.ts'
import { Pool } from './pool.ts'

export interface FaceOptions extends PoolOptions {
  readonly token: string
  /** 0: any that is free. */
  readonly port: number
}

export interface LiveFace extends HttpFace {
  /** The sessions behind it. */
  readonly pool: Pool
  /** What the first operation that failed said; null while all succeed. */
  firstFailure(): string | null
  close(): Promise<void>
}

/** Longer than any client keeps a connection that it does not use, so that no request meets one that is going. */
const KEEP_ALIVE_MS = 75_000

/**
 * An HTTP server on the loopback in front of a backend: one operation a request, in the wire format of the D1 Worker
 * (`/empty` and `/operation`). It knows scenarios by name and never runs SQL that came with a request.
 */
export async function startFace(options: FaceOptions): Promise<LiveFace> {
  const pool = new Pool(options)
  const guard = tokenGuard(options.token)
  let firstFailure: string | null = null

  const answer = async (request: IncomingMessage): Promise<string> => {
    guard(request)
    requirePost(request.method)
    const route = routeOf(operationRoutes, request.url ?? '')
    return textOf(await route(bodyOf(await limitedBody(request)), pool))
  }
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
    answer(request).then(
      (text) => send(response, 200, text),
      (thrown: unknown) => {
        const { status, code, message } = refusalFrom(thrown)
        if (status === 500) firstFailure ??= message
        // What is left of a body that was refused is not read.
        if (!request.complete) response.setHeader('connection', 'close')
        send(response, status, JSON.stringify({ code, message }))
      },
    )
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(notListening(error, options.port)))
    server.listen(options.port, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token: options.token,
    pool,
    firstFailure: () => firstFailure,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
      await pool.close()
    },
  }
}

function send(response: ServerResponse, status: number, text: string): void {
  const body = Buffer.from(text)
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': body.length }).end(body)
}

/** Drivers may give bigints, which JSON does not have: a number where that is exact, else digits. */
function textOf(rows: unknown): string {
  try {
    return JSON.stringify(rows)
  } catch {
    return JSON.stringify(rows, (_, value: unknown) =>
      typeof value !== 'bigint' ? value : Number.isSafeInteger(Number(value)) ? Number(value) : String(value),
    )
  }
}

/** Errors travel as code and message, as the Worker's do: never with a stack. */
function refusalFrom(thrown: unknown): Pick<Refusal, 'status' | 'code' | 'message'> {
  if (thrown instanceof Refusal) return thrown
  return { status: 500, code: codeOf(thrown), message: messageOf(thrown) }
}

function notListening({ code, message }: NodeJS.ErrnoException, port: number): SqlatencyError {
  return code === 'EADDRINUSE' || code === 'EACCES'
    ? new SqlatencyError('PORT_TAKEN', `Port ${port} of 127.0.0.1 cannot be had (${code}).`)
    : new SqlatencyError('PORT_TAKEN', `No server could be started on 127.0.0.1: ${message}.`)
}
