/** A refusal that the client is told: an HTTP status, a code and one sentence. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly status: number
  readonly code: string

  constructor(status: number, code: string, message: string) {
    super(message)
    this.status = status
    this.code = code
  }
}

/** Largest request body. The client checks it too, because a Worker that refuses early closes the connection on it. */
export const BODY_LIMIT_BYTES = 8 * 1024 * 1024

export const bodyTooLarge = (): Refusal =>
  new Refusal(413, 'BODY_TOO_LARGE', `one request may have ${BODY_LIMIT_BYTES} bytes; send fewer calls in a batch`)

/** Workers have this comparison, Node's types do not know it. */
interface WorkersSubtle {
  digest(algorithm: 'SHA-256', data: Uint8Array): Promise<ArrayBuffer>
  timingSafeEqual(a: ArrayBuffer, b: ArrayBuffer): boolean
}

const subtle = crypto.subtle as unknown as WorkersSubtle
const encoder = new TextEncoder()

export const sha256 = (text: string): Promise<ArrayBuffer> => subtle.digest('SHA-256', encoder.encode(text))

/**
 * Lets a request pass only with `Authorization: Bearer <secret>`. Digests are compared instead of texts,
 * so that neither the content nor the length of the secret shows in the time that the comparison takes.
 */
export async function requireToken(request: Request, secret: string | undefined): Promise<void> {
  if (secret === undefined || secret === '') {
    throw new Refusal(503, 'TOKEN_UNSET', 'this Worker has no secret SQLATENCY_TOKEN, so it serves nobody')
  }
  const [given, expected] = await Promise.all([
    sha256(request.headers.get('authorization') ?? ''),
    sha256(`Bearer ${secret}`),
  ])
  if (!subtle.timingSafeEqual(given, expected)) throw new Refusal(401, 'TOKEN_WRONG', 'the token is missing or wrong')
}

/** The body as text, read no further than the limit whatever its headers promise. */
export async function limitedBody(request: Request): Promise<string> {
  const declared = request.headers.get('content-length')
  if (declared !== null) {
    if (Number(declared) > BODY_LIMIT_BYTES) throw bodyTooLarge()
    return request.text()
  }
  if (request.body === null) return ''
  const decoder = new TextDecoder()
  let [text, bytes] = ['', 0]
  for await (const chunk of request.body as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength
    if (bytes > BODY_LIMIT_BYTES) throw bodyTooLarge()
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}
