import { existsSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient } from '@libsql/client'
import pg from 'pg'
import { describe, expect, onTestFinished, test } from 'vitest'
import { startLibsqlServer } from '../adapters/servers/libsql-server.ts'
import { startPostgres } from '../adapters/servers/postgres-server.ts'
import { testScope } from '../adapters/testing/scope.ts'
import { project, sqlatency, start, storedRun, workFolderOf } from './testing/cli.ts'

/** A database that was there before the run, seen with its own client. */
interface Given {
  readonly url: string
  ask(text: string): Promise<readonly object[]>
  tables(): Promise<string[]>
}

async function givenLibsql(): Promise<Given & { close(): Promise<void> }> {
  const own = await testScope()
  onTestFinished(() => own.close())
  const url = `http://127.0.0.1:${(await startLibsqlServer(own)).port}`
  const client = createClient({ url })
  own.defer(() => client.close())
  return {
    url,
    close: () => own.close(),
    ask: async (text) => (await client.execute(text)).rows.map((row) => ({ ...row })),
    async tables() {
      const { rows } = await client.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
      return rows.map((row) => row['name'] as string)
    },
  }
}

async function givenPostgres(): Promise<Given> {
  const own = await testScope()
  onTestFinished(() => own.close())
  const { url } = await startPostgres(own)
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query('SET search_path = sqlatency')
  own.defer(() => client.end())
  return {
    url,
    ask: async (text) => (await client.query<object>(text)).rows,
    async tables() {
      const { rows } = await client.query<{ name: string }>(
        "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'sqlatency' ORDER BY 1",
      )
      return rows.map(({ name }) => name)
    },
  }
}

const measure = (backend: string, scenario: string, rounds = 1): string[] =>
  `run --backend ${backend} --scenario ${scenario} --rounds ${rounds} --scale 0.02 --duration 5ms --markers 0`.split(
    ' ',
  )

describe.each([
  ['libsql-server', 'turso-replica', 'SQLATENCY_TURSO_REPLICA_URL', givenLibsql],
  ['Postgres', 'postgres-remote', 'SQLATENCY_POSTGRES_REMOTE_URL', givenPostgres],
] as const)('a %s that a killed run left its tables in', (_, backend, variable, given) => {
  test('takes run after run, and a later table of a name that a run once used is not ours', async () => {
    const { url, ask, tables } = await given()
    const env = { [variable]: url }
    const killed = start(project(), measure(backend, 'point-read', 50), env)
    await killed.saw(/measured 1 of/)
    const place = join(tmpdir(), workFolderOf(killed.child))
    onTestFinished(() => rmSync(place, { recursive: true, force: true }))
    killed.child.kill('SIGKILL')
    await killed.finished
    const left = await tables()
    expect(left).toContain('sqlatency_stamp')
    expect(left).not.toContain('account')
    const stamps = await ask('SELECT name FROM sqlatency_stamp ORDER BY name')
    for (let run = 0; run < 3; run += 1) {
      const { code, stderr } = await sqlatency(project(), [...measure(backend, 'transfer'), '--quiet'], env)
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      expect(await tables()).toEqual(left)
      expect(await ask('SELECT name FROM sqlatency_stamp ORDER BY name')).toEqual(stamps)
    }

    await ask('CREATE TABLE account (id bigint PRIMARY KEY, owner text)')
    await ask("INSERT INTO account VALUES (77, 'theirs'), (78, 'too')")
    const mine = await ask('SELECT * FROM account ORDER BY id')
    const refused = async (): Promise<void> => {
      const folder = project()
      expect((await sqlatency(folder, measure(backend, 'transfer'), env)).code).toBe(3)
      for (const cell of storedRun(folder).cells)
        expect(cell).toMatchObject({ outcome: 'failed', code: 'FOREIGN_TABLES' })
      expect(await ask('SELECT * FROM account ORDER BY id')).toEqual(mine)
    }
    await refused()
    // As versions before this one left them.
    await ask("INSERT INTO sqlatency_stamp (id, name, run) VALUES (1000, 'account', 'long ago')")
    await refused()
  })
})

const BROKEN = `import { defineDataset, defineScenario, defineTable, single } from 'sqlatency'
const whole = defineTable({ name: 'whole', columns: { id: 'key' }, rows: 10, row: (key) => [key] })
const twice = defineTable({ name: 'twice', columns: { id: 'key' }, rows: 10, row: (key) => [1 + (key % 3)] })
const dataset = defineDataset({ id: 'broken', title: 'A key comes twice', tables: [whole, twice] })
const work = single('SELECT id FROM whole WHERE id = $1', (draw) => [draw.key(whole)])
export default { scenarios: [defineScenario({ id: 'broken', title: 'Broken', why: 'None.', dataset, kind: 'read', work })] }
`

describe("in a database of one's own nothing stays", () => {
  test('when seeding fails half-way', async () => {
    const { url, tables } = await givenLibsql()
    const folder = project({ 'sqlatency.config.ts': BROKEN })
    const asked = [...measure('turso-replica', 'broken'), '--scale', '1']
    const { code } = await sqlatency(folder, asked, { SQLATENCY_TURSO_REPLICA_URL: url })
    expect(storedRun(folder).cells[0]).toMatchObject({ outcome: 'failed', message: expect.stringContaining('UNIQUE') })
    expect(code).toBe(3)
    expect(await tables()).toEqual([])
  })

  test('after Ctrl-C while two of them are filled', async () => {
    const databases = [await givenLibsql(), await givenLibsql()] as const
    const asked = [...measure('turso-replica,turso-replica-no-ryw', 'point-read,transfer'), '--scale', '2']
    const running = start(project(), asked, {
      SQLATENCY_TURSO_REPLICA_URL: databases[0].url,
      SQLATENCY_TURSO_REPLICA_NO_RYW_URL: databases[1].url,
    })
    for (const { tables } of databases) await expect.poll(tables, { timeout: 60_000 }).toContain('post')
    running.child.kill('SIGINT')
    expect((await running.finished).code).toBe(130)
    for (const { tables } of databases) expect(await tables()).toEqual([])
  })
})

describe('a reader who holds a table open when the run ends', () => {
  const held = async (before: string, given: Given, env: NodeJS.ProcessEnv) => {
    const reader = new pg.Client({ connectionString: given.url })
    await reader.connect()
    onTestFinished(() => reader.end())
    if (before !== '') await given.ask(before)
    const folder = project()
    const running = start(folder, measure('postgres-remote', 'point-read', 6), env)
    await running.saw(/measured 1 of/)
    await reader.query('BEGIN; SELECT count(*) FROM sqlatency.post')
    return { folder, ...(await running.finished) }
  }

  test.each([
    ['in a schema of the run', '', ': the database may still hold the schema "sqlatency": '],
    [
      'in a schema that was left',
      "CREATE SCHEMA sqlatency; COMMENT ON SCHEMA sqlatency IS 'created by sqlatency'",
      ' may still hold the tables sqlatency_stamp, sqlatency_marker, author, post',
    ],
  ])('%s keeps no run from ending with its report, and is told of', async (_, before, what) => {
    const given = await givenPostgres()
    const { folder, code, stdout, stderr } = await held(before, given, { SQLATENCY_POSTGRES_REMOTE_URL: given.url })
    expect(await given.tables()).toContain('post')
    expect(stderr).toContain(`Clean-up failed: postgres-remote${what}`)
    expect(stderr.match(/lock timeout/g)).toHaveLength(1)
    expect(stderr).not.toContain('defect')
    expect(code).toBe(3)
    expect(storedRun(folder).status).toBe('complete')
    expect(stdout).toContain('report.html')
    expect(existsSync(join(folder, 'results', 'latest', 'report.html'))).toBe(true)
  })
})

describe('what could not be taken away is named', () => {
  test('by serve, which always ends with Ctrl-C', async () => {
    const { url, close } = await givenLibsql()
    const asked = 'serve --backend turso-replica --scenario point-read --scale 0.02'.split(' ')
    const running = start(project(), asked, { SQLATENCY_TURSO_REPLICA_URL: url })
    await running.saw(/Ctrl-C ends it/)
    await close()
    running.child.kill('SIGINT')
    const { code, stderr } = await running.finished
    expect(stderr).toMatch(
      /sqlatency: Clean-up failed: turso-replica may still hold the tables sqlatency_stamp, .*hand/,
    )
    expect(code).toBe(3)
  })

  test('by compare, of its sides', async () => {
    const given = await givenPostgres()
    const reader = new pg.Client({ connectionString: given.url })
    await reader.connect()
    onTestFinished(() => reader.end())
    const folder = project({ 'a.ts': 'export default {}', 'b.ts': 'export default {}' })
    const asked = 'compare --base-config a.ts --head-config b.ts --backend postgres-remote --scenario point-read'
    const small = '--scale 0.02 --duration 5ms --pairs-max 1'
    const env = { SQLATENCY_POSTGRES_REMOTE_URL: given.url }
    const running = start(folder, `${asked} ${small}`.split(' '), env)
    await running.saw(/control: postgres-remote: verifying/)
    await reader.query('BEGIN; SELECT count(*) FROM sqlatency.post')
    const { code, stderr } = await running.finished
    expect(stderr).toMatch(/sqlatency: base: Clean-up failed: postgres-remote: the database may still hold the schema/)
    expect(code).not.toBe(0)
  })
})
