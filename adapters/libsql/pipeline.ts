import { Agent as HttpAgent, request as httpRequest } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { SqlatencyError } from '../../bench/contract/index.ts'
import { denied, unreachable } from './errors.ts'

interface PipelineResult {
  /** First column of the first row, null if there is no row. */
  readonly first: string | number | null
  /** The primary's frame number after the statement; null if it does not tell. */
  readonly frame: number | null
}

/** The part of Hrana over HTTP that is needed here. https://github.com/tursodatabase/libsql/blob/main/docs/HRANA_3_SPEC.md */
interface Answer {
  readonly results?: readonly {
    readonly type: 'ok' | 'error'
    readonly error?: { readonly message: string; readonly code?: string }
    readonly response?: {
      readonly result?: {
        readonly rows: readonly (readonly { readonly type: string; readonly value?: string | number }[])[]
        readonly replication_index?: string | null
      }
    }
  }[]
}

export interface Pipeline {
  /** One statement, one request, on a connection that is kept. Integers only, which is all that markers need. */
  execute(sql: string, args?: readonly number[]): Promise<PipelineResult>
  close(): void
}

/**
 * Speaks to the primary without @libsql/client, which drops `replication_index` from the answer.
 * @throws SqlatencyError `UNREACHABLE`, `ACCESS_DENIED`, `BACKEND_FAILED`
 */
export function openPipeline(base: string, authToken: string | null, timeoutMs = 10_000): Pipeline {
  const secure = base.startsWith('https:')
  const agent = secure ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true })
  const request = secure ? httpsRequest : httpRequest
  const headers = {
    'content-type': 'application/json',
    ...(authToken === null ? {} : { authorization: `Bearer ${authToken}` }),
  }

  const post = (body: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const fail = (error: Error): void => reject(unreachable(error))
      const options = { agent, method: 'POST', headers: { ...headers, 'content-length': Buffer.byteLength(body) } }
      const sent = request(`${base}/v2/pipeline`, options, (answer) => {
        let text = ''
        answer.setEncoding('utf8')
        answer.on('data', (chunk: string) => (text += chunk))
        answer.on('error', fail)
        answer.on('end', () => {
          const status = answer.statusCode ?? 0
          if (status === 200) resolve(text)
          else reject(status === 401 || status === 403 ? denied() : refused(`HTTP status ${status}`))
        })
      })
      sent.setTimeout(timeoutMs, () => sent.destroy(new Error('timed out')))
      sent.on('error', fail)
      sent.end(body)
    })

  return {
    async execute(sql, args = []) {
      const stmt = { sql, args: args.map((value) => ({ type: 'integer', value: String(value) })) }
      const text = await post(JSON.stringify({ requests: [{ type: 'execute', stmt }, { type: 'close' }] }))
      const [outcome] = (JSON.parse(text) as Answer).results ?? []
      const result = outcome?.response?.result
      if (outcome?.type !== 'ok' || result === undefined)
        throw refused(outcome?.error?.message ?? 'an answer that is not Hrana')
      return { first: result.rows[0]?.[0]?.value ?? null, frame: numberOrNull(result.replication_index) }
    },
    close: () => agent.destroy(),
  }
}

function refused(said: string): SqlatencyError {
  return new SqlatencyError('BACKEND_FAILED', `the libSQL primary refused a request: ${said}`, { backend: 'NAME' })
}

function numberOrNull(text: string | null | undefined): number | null {
  return text === null || text === undefined ? null : Number(text)
}
