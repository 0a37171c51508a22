import http from 'node:http'
import https from 'node:https'
import { SqlatencyError } from '../../bench/contract/index.ts'
import { BODY_LIMIT_BYTES, bodyTooLarge } from './guard.ts'

export interface WorkerClient {
  /** Posts a JSON text and gives the text of the answer. Refusals and broken connections reject with a code. */
  post(path: string, json: string): Promise<string>
  close(): void
}

/** workerd closes connections that were idle for 5 s; closing first means that no request meets a connection that is going. */
const IDLE_LIMIT_MS = 4000

/**
 * One keep-alive connection to the Worker: as little client as HTTP allows, because its time is part of every operation.
 * Nothing is sent twice, so a write is never repeated behind the harness's back.
 * @param name of the other side, for errors
 */
export function workerClient(url: string, token: string, name = 'the D1 Worker'): WorkerClient {
  const { protocol, hostname, port } = new URL(url)
  const secure = protocol === 'https:'
  const { request: send, Agent } = secure ? https : http
  // Agents switch Nagle's algorithm off themselves.
  const agent = new Agent({ keepAlive: true, maxSockets: 1, timeout: IDLE_LIMIT_MS })
  const fixed = { agent, protocol, hostname, method: 'POST', port: port === '' ? (secure ? 443 : 80) : Number(port) }
  const authorization = `Bearer ${token}`
  let closed = false
  return {
    post: (path, json) =>
      new Promise((resolve, reject) => {
        if (closed) throw Object.assign(new Error(`the session with ${name} is closed`), { code: 'ECONNRESET' })
        const body = Buffer.from(json)
        if (body.length > BODY_LIMIT_BYTES) throw bodyTooLarge()
        const headers = { authorization, 'content-type': 'application/json', 'content-length': body.length }
        const request = send({ ...fixed, path, headers }, (response) => {
          let text = ''
          response.setEncoding('utf8')
          response.on('data', (chunk: string) => (text += chunk))
          response.on('error', (error) => reject(broken(name, error)))
          response.on('end', () => {
            if (response.statusCode === 200) resolve(text)
            else reject(refused(name, path, response.statusCode ?? 0, text))
          })
        })
        request.on('error', (error) => reject(broken(name, error)))
        request.end(body)
      }),
    close() {
      closed = true
      agent.destroy()
    },
  }
}

/** Node's own messages name the host, and the URL is a secret. */
function broken(name: string, error: NodeJS.ErrnoException): Error {
  const code = error.code ?? 'ECONNRESET'
  return Object.assign(new Error(`the connection to ${name} failed (${code})`), { code })
}

/** What the Worker refused, in our words where there are some. */
function refused(name: string, path: string, status: number, text: string): Error {
  const { code, message } = answerOf(text)
  if (code === 'UNKNOWN_OPERATION') return new SqlatencyError('UNKNOWN_OPERATION', message)
  if (code === 'UNKNOWN_PATH')
    return new SqlatencyError('UNKNOWN_OPERATION', `${capital(name)} is of an older version and knows no ${path}.`)
  if (code === 'TOKEN_UNSET' || code === 'TOKEN_WRONG')
    return new SqlatencyError('ACCESS_DENIED', `${capital(name)} refused: ${message}.`)
  if (code === null)
    return new SqlatencyError('UNREACHABLE', `No sqlatency Worker answers at this URL (HTTP status ${status}).`)
  return Object.assign(new Error(message), { code })
}

function answerOf(text: string): { readonly code: string | null; readonly message: string } {
  try {
    const { code, message } = JSON.parse(text) as Readonly<Record<string, unknown>>
    if (typeof code === 'string' && typeof message === 'string') return { code, message }
  } catch {
    // Not JSON, so not from our Worker.
  }
  return { code: null, message: '' }
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
