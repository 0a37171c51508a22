import { readFileSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { expect, test } from 'vitest'
import { freePort } from '../adapters/servers/port.ts'
import { startPostgres } from '../adapters/servers/postgres-server.ts'
import { askRaw } from '../adapters/testing/raw-request.ts'
import { testScope } from '../adapters/testing/scope.ts'
import { processesNaming, project, sqlatency, start, workFolderOf } from './testing/cli.ts'

const UP = /Ctrl-C ends it/
const question = { body: { scenario: 'point-read', question: [1] } }

test('serve brings a backend up, answers, and takes everything down with Ctrl-C', async () => {
  const port = await freePort()
  const asked = ['serve', '--backend', 'postgres-local', '--scenario', 'point-read', '--scale', '0.02']
  const running = start(project(), [...asked, '--port', String(port)])
  await running.saw(UP)
  const folder = join(tmpdir(), workFolderOf(running.child))
  const file = join(folder, '_token')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  const face = { url: `http://127.0.0.1:${port}`, token: readFileSync(file, 'utf8').trim() }
  expect(await askRaw(face, question)).toMatchObject({ status: 200, text: expect.stringContaining('"id":1') })
  expect(await askRaw(face, { ...question, token: null })).toMatchObject({ status: 401 })
  expect(processesNaming(folder)).not.toEqual([])

  running.child.kill('SIGINT')
  const { code, stdout, stderr } = await running.finished
  expect(code).toBe(0)
  expect(stdout).toBe(`postgres-local is served at ${face.url}\ntoken: in ${file}\n`)
  expect(stdout + stderr).not.toContain(face.token)
  expect(() => statSync(folder)).toThrow('ENOENT')
  expect(processesNaming(folder)).toEqual([])
})

test('serve takes a token from the environment, and prints it only when it is asked to', async () => {
  for (const more of [[], ['--show-token']]) {
    const port = await freePort()
    const asked = ['serve', '--backend', 'better-sqlite3', '--scale', '0.02', '--port', String(port), ...more]
    const running = start(project(), asked, { SQLATENCY_SERVE_TOKEN: 'a-token-of-mine' })
    await running.saw(UP)
    const face = { url: `http://127.0.0.1:${port}`, token: 'a-token-of-mine' }
    expect(await askRaw(face, question)).toMatchObject({ status: 200 })
    running.child.kill('SIGTERM')
    const { code, stdout, stderr } = await running.finished
    expect(code).toBe(0)
    expect((stdout + stderr).includes('a-token-of-mine')).toBe(more.length > 0)
  }
})

test('Ctrl-C under load ends the process and leaves no session at a database that goes on', async () => {
  await using scope = await testScope()
  const { url } = await startPostgres(scope)
  const folder = project({
    'sqlatency.config.ts': `export default { backends: { given: { adapter: 'postgres', options: { url: process.env.GIVEN } } } }`,
  })
  const port = await freePort()
  const asked = ['serve', '--backend', 'given', '--scenario', 'point-read', '--scale', '0.02', '--sessions', '2']
  const env = { GIVEN: url, SQLATENCY_SERVE_TOKEN: 'a-token-of-mine' }
  const running = start(folder, [...asked, '--port', String(port)], env)
  await running.saw(UP)
  const face = { url: `http://127.0.0.1:${port}`, token: 'a-token-of-mine' }
  let answered = 0
  const askUntilGone = async (): Promise<void> => {
    for (;;) {
      const answer = await askRaw(face, question).catch(() => null)
      if (answer === null) return
      if (answer.status === 200) answered += 1
    }
  }
  const load = Array.from({ length: 30 }, askUntilGone)
  await expect.poll(() => answered, { timeout: 20_000 }).toBeGreaterThan(100)
  running.child.kill('SIGINT')
  const { code } = await running.finished
  await Promise.all(load)
  expect(code).toBe(0)
  const client = new pg.Client(url)
  await client.connect()
  const { rows } = await client.query(
    "SELECT query FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()",
  )
  await client.end()
  expect(rows).toEqual([])
})

test.each([
  [[], 2, 'Name the one backend'],
  [['--backend', 'null,better-sqlite3'], 2, 'Name the one backend'],
  [['--backend', 'better-sqlit3'], 2, 'Did you mean better-sqlite3?'],
  [['--backend', 'd1-worker'], 2, 'is served by a Worker of its own'],
  [['--backend', 'null', '--port', '65536'], 2, 'at most 65535'],
  [['--backend', 'null', '--sessions', '0'], 2, 'a whole number of at least 1'],
])('serve %j: exit code %i', async (flags, exit, said) => {
  const { code, stdout, stderr } = await sqlatency(project(), ['serve', ...flags])
  expect(stderr).toContain(said)
  expect({ code, stdout }).toEqual({ code: exit, stdout: '' })
})

test('serve of what this machine cannot have ends with exit code 3 and the remedy', async () => {
  const env = { SQLATENCY_LITESTREAM_BIN: '/nowhere/litestream' }
  const { code, stderr } = await sqlatency(project(), ['serve', '--backend', 'litestream'], env)
  expect(code).toBe(3)
  expect(stderr).toContain('go install')
})
