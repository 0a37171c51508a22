import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import { REPOSITORY } from './runner.ts'

export interface PostedComment {
  readonly id: number
  readonly user: { readonly login: string; readonly type: 'Bot' | 'User' }
  body: string
}

/** Tokens that this GitHub knows. The job's own belongs to no person, so it may not ask who it is. */
export const TOKENS = { job: 'job-token', fork: 'token-of-a-fork', person: 'token-of-a-person' } as const
const BOT = { login: 'github-actions[bot]', type: 'Bot' } as const
const PERSON = { login: 'someone', type: 'User' } as const
/** Characters of a comment. */
const LONGEST = 65_536

export interface GitHub {
  readonly url: string
  /** Of pull request 7, in the order in which they came. */
  readonly comments: PostedComment[]
  readonly requests: string[]
  /** Answers so many requests with 502 from now on. */
  breakDown(times: number): void
  /** Does what the next request that writes asks for, and answers it with 502. */
  loseAnswer(): void
}

/** The part of GitHub's REST API that a comment takes, on loopback. */
export async function startGitHub(comments: PostedComment[] = []): Promise<GitHub> {
  const requests: string[] = []
  let broken = 0
  let isLost = false
  const server = createServer((request, response) => {
    void (async () => {
      const { method = '', url = '' } = request
      requests.push(`${method} ${url}`)
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk as Buffer)
      const text = Buffer.concat(chunks).toString('utf8')
      const answer = (whole: number, value: unknown): void => {
        const isLostNow = isLost && method !== 'GET'
        if (isLostNow) isLost = false
        response.writeHead(isLostNow ? 502 : whole, { 'content-type': 'application/json' }).end(JSON.stringify(value))
      }
      if (broken > 0) {
        broken -= 1
        return answer(502, { message: 'Server Error' })
      }
      const token = Object.values(TOKENS).find((one) => request.headers.authorization === `Bearer ${one}`)
      if (token === undefined) return answer(401, { message: 'Bad credentials' })
      const { pathname, searchParams } = new URL(url, 'http://github.test')
      if (pathname === '/user')
        return token === TOKENS.person
          ? answer(200, PERSON)
          : answer(403, { message: 'Resource not accessible by integration' })
      if (method === 'GET' && pathname === `/repos/${REPOSITORY}/issues/7/comments`) {
        const [size, page] = [Number(searchParams.get('per_page') ?? 30), Number(searchParams.get('page') ?? 1)]
        return answer(200, comments.slice((page - 1) * Math.min(size, 100), page * Math.min(size, 100)))
      }
      if (token === TOKENS.fork) return answer(403, { message: 'Resource not accessible by integration' })
      const { body } = JSON.parse(text) as { body: string }
      if (body.length > LONGEST) return answer(422, { message: 'body is too long (maximum is 65536 characters)' })
      if (method === 'POST' && pathname === `/repos/${REPOSITORY}/issues/7/comments`) {
        comments.push({ id: 1000 + comments.length, user: token === TOKENS.person ? PERSON : BOT, body })
        return answer(201, comments.at(-1))
      }
      const edited = comments.find(({ id }) => pathname === `/repos/${REPOSITORY}/issues/comments/${id}`)
      if (method !== 'PATCH' || edited === undefined) return answer(404, { message: 'Not Found' })
      edited.body = body
      return answer(200, edited)
    })()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    comments,
    requests,
    breakDown: (times) => (broken = times),
    loseAnswer: () => (isLost = true),
  }
}
