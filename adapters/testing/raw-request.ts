import { once } from 'node:events'
import http from 'node:http'
import type { HttpFace } from '../../bench/contract/index.ts'

export interface Asked {
  readonly path?: string
  readonly method?: string
  readonly token?: string | null
  readonly body?: unknown
  readonly headers?: Record<string, string>
}

export interface Answered {
  readonly status: number
  readonly text: string
  readonly code: unknown
}

/** A raw request, as a stranger would send it. */
export function askRaw(
  { url, token: own }: HttpFace,
  { path = '/operation', method = 'POST', token = own, body, headers = {} }: Asked,
): Promise<Answered> {
  const { hostname, port } = new URL(url)
  const authorization = token === null ? {} : { authorization: `Bearer ${token}` }
  return new Promise((resolve, reject) => {
    const request = http.request(
      { hostname, port, path, method, agent: false, headers: { ...authorization, ...headers } },
      (response) => {
        let text = ''
        response.on('data', (chunk: Buffer) => (text += chunk.toString()))
        response.on('end', () => resolve({ status: response.statusCode!, text, code: codeIn(text) }))
      },
    )
    request.on('error', reject)
    request.end(body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body))
  })
}

/** The status of an answer to so many bytes that are announced and never sent. */
export async function announceRaw({ url, token }: HttpFace, bytes: number): Promise<number | undefined> {
  const { hostname, port } = new URL(url)
  const headers = { authorization: `Bearer ${token}`, 'content-length': bytes }
  const request = http.request({ hostname, port, path: '/operation', method: 'POST', agent: false, headers })
  request.flushHeaders()
  const [response] = (await once(request, 'response')) as [http.IncomingMessage]
  request.on('error', () => undefined).destroy()
  return response.statusCode
}

function codeIn(text: string): unknown {
  try {
    return (JSON.parse(text) as { code?: unknown }).code
  } catch {
    return null
  }
}
