import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Asked } from '../../adapters/testing/raw-request.ts'
import { announceRaw, askRaw } from '../../adapters/testing/raw-request.ts'
import { testScope } from '../../adapters/testing/scope.ts'
import type { LiveFace } from './face.ts'
import { faceOf } from './testing/faced.ts'

const good = { scenario: 'point-read', question: [1] }

let scope: Awaited<ReturnType<typeof testScope>>
let face: LiveFace
beforeAll(async () => {
  scope = await testScope()
  ;({ face } = await faceOf('better-sqlite3', scope))
})
afterAll(() => scope.close())

const ask = (asked: Asked) => askRaw(face, asked)

test('the right token and a known operation pass', async () => {
  expect(await ask({ body: good })).toMatchObject({ status: 200, text: expect.stringMatching(/^\[\{"id":1,/) })
  expect(await ask({ path: '/empty' })).toMatchObject({ status: 200, text: '[]' })
})

test.each([
  ['no token', null],
  ['a wrong token', 'wrong'],
  ['an empty token', ''],
  ['a token that is almost right', 'ALMOST'],
  ['a token with something behind it', 'LONGER'],
])('%s: 401, whatever is asked for', async (_, given) => {
  const secret = face.token
  const almost = `${secret.slice(0, -1)}${secret.endsWith('A') ? 'B' : 'A'}`
  const token = given === 'ALMOST' ? almost : given === 'LONGER' ? `${secret}x` : given
  for (const path of ['/operation', '/empty', '/nowhere'])
    for (const method of ['POST', 'GET'])
      expect(await ask({ path, method, token })).toMatchObject({ status: 401, code: 'TOKEN_WRONG' })
})

test('the token without its scheme: 401', async () => {
  const headers = { authorization: face.token }
  expect(await ask({ token: null, headers, body: good })).toMatchObject({ status: 401 })
})

describe('SQL in a request is never run', () => {
  const DROP = 'DROP TABLE post'
  test.each([
    ['as a scenario', '/operation', { scenario: DROP, question: [] }],
    ['beside a scenario', '/operation', { ...good, sql: DROP, statement: DROP, text: DROP }],
    ['as an inherited property', '/operation', { scenario: '__proto__', question: [] }],
    ['by the routes that only a Worker has', '/statement', { statement: DROP, args: [] }],
    ['in a batch', '/batch', { calls: [{ statement: DROP, args: [] }] }],
    ['as an argument, which stays a value', '/operation', { scenario: 'point-read', question: [`1; ${DROP}`] }],
  ])('%s', async (_, path, body) => {
    expect([200, 400, 404]).toContain((await ask({ path, body })).status)
    expect(await ask({ body: good })).toMatchObject({ status: 200, text: expect.stringMatching(/^\[\{"id":1,/) })
  })
})

describe('what is not served', () => {
  test.each(['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD'])('%s: 405', async (method) => {
    expect(await ask({ method })).toMatchObject({ status: 405 })
  })

  test.each(['/', '/operation/', '/Operation', '/toString', '/__proto__', '/operation/../empty', '//', '/facts'])(
    '%s: 404',
    async (path) => {
      expect(await ask({ path, body: good })).toMatchObject({ status: 404 })
    },
  )

  test.each([
    ['an unknown scenario', { scenario: 'none', question: [] }, 404],
    ['a body that is not JSON', '{', 400],
    ['a body that is no object', '7', 400],
    ['no body', undefined, 400],
    ['a question that is no array', { scenario: 'point-read', question: 'x' }, 400],
  ])('%s', async (_, body, status) => {
    expect(await ask({ body })).toMatchObject({ status })
  })

  test('more than 8 MB announced: 413 before any of it is read', async () => {
    expect(await announceRaw(face, 8 * 1024 * 1024 + 1)).toBe(413)
  })

  test('more than 8 MB without saying so: 413', async () => {
    const body = { ...good, padding: 'x'.repeat(8 * 1024 * 1024) }
    const headers = { 'transfer-encoding': 'chunked' }
    expect(await ask({ body, headers })).toMatchObject({ status: 413, code: 'BODY_TOO_LARGE' })
  })
})

test('an operation that fails is told with code and message, and no stack, path or token', async () => {
  expect(face.firstFailure()).toBeNull()
  const { status, text } = await ask({ body: { scenario: 'point-read', question: [{}] } })
  expect(status).toBe(500)
  expect(Object.keys(JSON.parse(text) as object)).toEqual(['code', 'message'])
  expect(text).not.toMatch(/\n|\bat .+:\d+|\.ts\b|\.js\b|file:/)
  expect(text).not.toContain(face.token)
  expect(face.firstFailure()).toBe((JSON.parse(text) as { message: string }).message)
})

test('a port that is taken is said to be, with what to do', async () => {
  const port = Number(new URL(face.url).port)
  await using other = await testScope()
  await expect(faceOf('better-sqlite3', other, { port })).rejects.toMatchObject({
    code: 'PORT_TAKEN',
    message: `Port ${port} of 127.0.0.1 cannot be had (EADDRINUSE).`,
  })
})
