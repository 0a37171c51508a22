import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { BODY_LIMIT_BYTES, bodyTooLarge, Refusal } from '../../adapters/d1/guard.ts'

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

/** The Worker's guard by Node's own means: digests are compared, so that the time tells neither content nor length. */
export function tokenGuard(token: string): (request: IncomingMessage) => void {
  const expected = digest(`Bearer ${token}`)
  return ({ headers }) => {
    if (!timingSafeEqual(digest(headers.authorization ?? ''), expected))
      throw new Refusal(401, 'TOKEN_WRONG', 'the token is missing or wrong')
  }
}

/** The body as text, read no further than the limit whatever its headers promise. */
export async function limitedBody(request: IncomingMessage): Promise<string> {
  if (Number(request.headers['content-length'] ?? 0) > BODY_LIMIT_BYTES) throw bodyTooLarge()
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength
    if (bytes > BODY_LIMIT_BYTES) throw bodyTooLarge()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
