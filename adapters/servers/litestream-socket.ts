import { request } from 'node:http'
import { SqlatencyError } from '../../bench/contract/index.ts'

/** One order to a running Litestream, over its control socket. */
export function askLitestream(
  socketPath: string,
  method: string,
  path: string,
  body?: object,
): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    const sent = request({ socketPath, method, path, headers: { 'content-type': 'application/json' } }, (answer) => {
      let text = ''
      answer.setEncoding('utf8')
      answer.on('data', (chunk: string) => (text += chunk))
      answer.on('error', reject)
      answer.on('end', () => {
        if (answer.statusCode === 200) resolve(JSON.parse(text) as Record<string, unknown>)
        else reject(new SqlatencyError('BACKEND_FAILED', `Litestream refused ${path}: ${text.trim()}`))
      })
    })
    sent.on('error', (error) =>
      reject(new SqlatencyError('UNREACHABLE', `Litestream does not answer (${error.message})`, {}, { cause: error })),
    )
    sent.end(body === undefined ? undefined : JSON.stringify(body))
  })
}
