import { Miniflare, convertV4MiniflareOptions } from 'miniflare'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Asked } from '../testing/raw-request.ts'
import { announceRaw, askRaw } from '../testing/raw-request.ts'
import { bundleWorker } from './bundle.ts'
import { COMPATIBILITY_DATE, statementName } from './session.ts'
import { fixtureModule, fixtureTexts, seedFixture, startFixture } from './testing/started.ts'

let started: Awaited<ReturnType<typeof startFixture>>
beforeAll(async () => {
  started = await startFixture()
  await seedFixture(started.session)
}, 60_000)
afterAll(() => started[Symbol.asyncDispose]())

const ask = (asked: Asked) => askRaw(started.address, asked)

const good = { scenario: 'one-item', question: [1] }

test('the right token and a known operation pass', async () => {
  expect(await ask({ body: good })).toMatchObject({ status: 200, text: expect.stringContaining('item 1') })
})

describe('nobody without the token learns or does anything', () => {
  test.each([
    ['no token', null],
    ['a wrong token', 'wrong'],
    ['an empty token', ''],
    ['a token that is almost right', 'ALMOST'],
    ['a token with something behind it', 'LONGER'],
  ])('%s: 401', async (_, token) => {
    const { token: secret } = started.address
    const given =
      token === 'ALMOST'
        ? `${secret.slice(0, -1)}${secret.endsWith('A') ? 'B' : 'A'}`
        : token === 'LONGER'
          ? `${secret}x`
          : token
    expect(await ask({ token: given, body: good })).toMatchObject({ status: 401, code: 'TOKEN_WRONG' })
  })

  test.each(['/operation', '/statement', '/batch', '/marker/write', '/marker/look', '/facts', '/empty', '/nowhere'])(
    '%s: 401, whether it exists or not',
    async (path) => {
      expect(await ask({ path, token: null, body: {} })).toMatchObject({ status: 401 })
      expect(await ask({ path, token: null, method: 'GET' })).toMatchObject({ status: 401 })
    },
  )

  test('the token without its scheme: 401', async () => {
    expect(await ask({ token: null, headers: { authorization: started.address.token }, body: good })).toMatchObject({
      status: 401,
    })
  })

  test.each([
    ['no secret', {}],
    ['an empty secret', { SQLATENCY_TOKEN: '' }],
  ])(
    '%s: 503 for everybody',
    async (_, bindings) => {
      const script = bundleWorker({ texts: fixtureTexts, scenarioModules: [fixtureModule] })
      const worker = new Miniflare(
        convertV4MiniflareOptions({
          script,
          modules: true,
          compatibilityDate: COMPATIBILITY_DATE,
          bindings,
          d1Databases: { DB: 'unset' },
          cf: false,
        }),
      )
      try {
        const url = await worker.ready
        for (const authorization of ['', 'Bearer', 'Bearer ', 'Bearer undefined', 'Bearer null']) {
          const response = await fetch(new URL('/empty', url), { method: 'POST', headers: { authorization } })
          expect(response.status).toBe(503)
          expect(await response.json()).toMatchObject({ code: 'TOKEN_UNSET' })
        }
      } finally {
        await worker.dispose()
      }
    },
    60_000,
  )
})

describe('SQL in a request is never run', () => {
  const DROP = 'DROP TABLE item'

  test.each([
    ['as a statement', '/statement', { statement: 'DELETE FROM item', args: [] }],
    ['beside a statement', '/statement', { sql: DROP, text: DROP, args: [] }],
    ['as a scenario', '/operation', { scenario: DROP, question: [] }],
    ['as the start of a name', '/statement', { statement: `${statementName(DROP)}; ${DROP}`, args: [] }],
    ['in a batch', '/batch', { calls: [{ statement: 'DELETE FROM item', args: [] }] }],
    [
      'by its name, when it is not in the list',
      '/statement',
      { statement: statementName('DELETE FROM item'), args: [] },
    ],
    ['as an inherited property', '/operation', { scenario: '__proto__', question: [] }],
  ])('%s', async (_, path, body) => {
    const { status } = await ask({ path, body })
    expect([400, 404]).toContain(status)
    expect(await ask({ body: good })).toMatchObject({ status: 200, text: expect.stringContaining('item 1') })
  })

  test('as an argument it stays a value', async () => {
    const question = ['1; DROP TABLE item']
    expect(await ask({ body: { scenario: 'one-item', question } })).toMatchObject({ status: 200, text: '[]' })
    expect(await ask({ body: good })).toMatchObject({ status: 200 })
  })
})

describe('what is not served', () => {
  test.each(['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD'])('%s: 405', async (method) => {
    expect(await ask({ method })).toMatchObject({ status: 405 })
  })

  test.each(['/', '/operation/', '/Operation', '/toString', '/__proto__', '/operation/../admin'])(
    '%s: 404',
    async (path) => {
      expect(await ask({ path, body: good })).toMatchObject({ status: 404 })
    },
  )

  test.each([
    ['an unknown scenario', '/operation', { scenario: 'none', question: [] }, 404],
    ['an unknown statement', '/statement', { statement: '0000000000000000', args: [] }, 404],
    ['a body that is not JSON', '/operation', '{', 400],
    ['a body that is no object', '/operation', '7', 400],
    ['no body', '/operation', undefined, 400],
    ['a question that is no array', '/operation', { scenario: 'one-item', question: 'x' }, 400],
    ['a marker that is no integer', '/marker/write', { marker: '1; DROP TABLE item' }, 400],
    ['a look for no marker', '/marker/look', {}, 400],
    ['a bookmark that is none', '/marker/look', { marker: 1, bookmark: 7 }, 400],
    ['a constraint in place of a bookmark', '/marker/look', { marker: 1, bookmark: 'first-primary' }, 400],
    ['a bookmark without end', '/marker/look', { marker: 1, bookmark: 'f'.repeat(257) }, 400],
    ['calls that are no array', '/batch', { calls: 'x' }, 400],
    ['calls that are no objects', '/batch', { calls: [null] }, 400],
    [
      'more than 500 calls',
      '/batch',
      { calls: Array.from({ length: 501 }, () => ({ statement: statementName('SELECT ? AS value'), args: [1] })) },
      400,
    ],
  ])('%s', async (_, path, body, status) => {
    expect(await ask({ path, body })).toMatchObject({ status })
  })

  test('more than 8 MB announced: 413 before any of it is read', async () => {
    expect(await announceRaw(started.address, 8 * 1024 * 1024 + 1)).toBe(413)
  })

  test('more than 8 MB without saying so: 413', async () => {
    const body = { ...good, padding: 'x'.repeat(8 * 1024 * 1024) }
    expect(await ask({ body, headers: { 'transfer-encoding': 'chunked' } })).toMatchObject({
      status: 413,
      code: 'BODY_TOO_LARGE',
    })
  })
})

test('errors carry code and message, and no stack, path or token', async () => {
  const answers = await Promise.all([
    ask({ path: '/statement', body: { statement: statementName('INSERT INTO item (id) VALUES (?)'), args: [1] } }),
    ask({ body: { scenario: 'mostly-reads', question: [99, []] } }),
    ask({ body: { scenario: 'one-item', question: [{}] } }),
    ask({ token: 'wrong' }),
  ])
  for (const { status, text } of answers) {
    expect(status).toBeGreaterThanOrEqual(400)
    expect(Object.keys(JSON.parse(text) as object)).toEqual(['code', 'message'])
    expect(text).not.toMatch(/\n|\bat .+:\d+|\.ts\b|\.js\b|file:/)
    expect(text).not.toContain(started.address.token)
  }
})
