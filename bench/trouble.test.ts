import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startPostgres } from '../adapters/servers/postgres-server.ts'
import type { TestScope } from '../adapters/testing/scope.ts'
import { testScope } from '../adapters/testing/scope.ts'
import type { Cell, Run } from './contract/index.ts'
import { processesNaming, project, sqlatency, start, storedRun, workFolderOf, workFolders } from './testing/cli.ts'

const outcomes = (cells: readonly Cell[], backend: string): Set<string> =>
  new Set(cells.filter((cell) => cell.backend === backend).map((cell) => cell.outcome))

const small = ['--scale', '0.02', '--duration', '10ms', '--markers', '0', '--scenario', 'point-read,insert']

describe('a server that dies', () => {
  test('fails its own cells, with stage and remedy; the others keep their results', async () => {
    const folder = project()
    const running = start(folder, ['run', '--backend', 'better-sqlite3,postgres-local', '--rounds', '12', ...small])
    await running.saw(/measured [1-9]\d* of/)
    const place = workFolderOf(running.child)
    const servers = processesNaming(join(place, 'postgres-local', 'data'))
    expect(servers).not.toHaveLength(0)
    for (const { pid } of servers) process.kill(pid, 'SIGKILL')
    const { code } = await running.finished
    expect(code).toBe(3)
    const run = storedRun(folder)
    expect(run.status).toBe('partial')
    expect(outcomes(run.cells, 'better-sqlite3')).toEqual(new Set(['measured']))
    expect(
      run.cells
        .filter((cell) => cell.backend === 'better-sqlite3')
        .map((cell) => 'rounds' in cell && cell.rounds.length),
    ).toEqual([12, 12])
    const failed = run.cells.filter((cell) => cell.outcome === 'failed')
    expect(failed).toHaveLength(2)
    for (const cell of failed) {
      expect(cell.remedy).not.toBe('')
      expect(cell.message).not.toBe('')
    }
    expect(readFileSync(join(folder, 'results', 'latest', 'report.html'), 'utf8')).toContain('postgres-local')
  })
})

test('a round that takes too long fails as such', async () => {
  const folder = project()
  const { code } = await sqlatency(folder, [
    'run',
    '--quiet',
    '--backend',
    'null',
    '--rounds',
    '1',
    '--round-timeout',
    '5ms',
    ...small,
  ])
  expect(code).toBe(3)
  for (const cell of storedRun(folder).cells) expect(cell).toMatchObject({ outcome: 'failed', code: 'TOO_SLOW' })
})

/** A small disk: a memory file system in namespaces of its own, which need no root where the kernel allows them. */
const onSmallDisk = (
  size: string,
  folder: string,
  args: readonly string[],
): { status: number | null; stderr: string } =>
  spawnSync(
    'unshare',
    [
      '--user',
      '--map-root-user',
      '--mount',
      'sh',
      '-c',
      'mount -t tmpfs -o size="$1" tmpfs results && shift && "$@"; code=$?; cp -r results kept; exit $code',
    ].concat(['sh', size, process.execPath, join(fileURLToPath(new URL('bin.js', import.meta.url))), ...args]),
    { cwd: folder, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } },
  )

describe('a disk that fills', () => {
  test('keeps the last run.json whole, says so in one sentence, and exits 3', () => {
    const folder = project()
    mkdirSync(join(folder, 'results'))
    const args = [
      'run',
      '--quiet',
      '--backend',
      'better-sqlite3',
      '--scenario',
      'point-read,insert',
      '--duration',
      '2ms',
      '--rounds',
      '100',
      '--markers',
      '0',
      '--scale',
      '0.01',
    ]
    const { status, stderr } = onSmallDisk('200k', folder, args)
    expect(stderr).toMatch(/^sqlatency: ENOSPC.* Free space on the disk that holds .*\n$/)
    expect(status).toBe(3)
    const [id] = readdirSync(join(folder, 'kept'))
    const run = JSON.parse(readFileSync(join(folder, 'kept', id!, 'run.json'), 'utf8')) as Run
    expect(run.cells.some((cell) => 'rounds' in cell && cell.rounds.length > 3)).toBe(true)
  })
})

describe('Ctrl-C', () => {
  test('keeps what was measured, exits 130, leaves nothing behind, and the run goes on later', async () => {
    const folder = project()
    const args = [
      'run',
      '--backend',
      'better-sqlite3,postgres-local,turso-replica,d1-worker',
      '--rounds',
      '3',
      ...small,
    ]
    const running = start(folder, args)
    await running.saw(/measured [3-9] of/)
    const place = workFolderOf(running.child)
    expect(processesNaming(place)).not.toHaveLength(0)
    running.child.kill('SIGINT')
    const { code } = await running.finished
    expect(code).toBe(130)
    expect(processesNaming(place)).toEqual([])
    expect(workFolders()).not.toContain(place)
    const run = storedRun(folder)
    expect(run.status).toBe('interrupted')
    const kept = run.cells.flatMap((cell) => (cell.outcome === 'measured' ? cell.rounds : []))
    expect(kept.length).toBeGreaterThanOrEqual(3)

    const resumed = await sqlatency(folder, ['run', '--resume', 'latest', '--quiet'])
    expect(resumed.stderr).toBe('')
    expect(resumed.code).toBe(0)
    const whole = storedRun(folder)
    expect(whole.id).toBe(run.id)
    expect(whole.status).toBe('complete')
    for (const cell of whole.cells) {
      expect(
        cell.outcome === 'measured' && cell.rounds.map((round) => round.repetition).toSorted((a, b) => a - b),
      ).toEqual([0, 1, 2])
    }
    const samples = kept.map((round) => round.startedAt)
    const all = whole.cells.flatMap((cell) => (cell.outcome === 'measured' ? cell.rounds : []))
    const aside = whole.repeated.rounds.map(({ round }) => round)
    expect([...all, ...aside].map((round) => round.startedAt)).toEqual(expect.arrayContaining(samples))
  })

  test('so does closing the terminal, though nobody reads any more what is said', async () => {
    const folder = project()
    const running = start(folder, ['run', '--backend', 'better-sqlite3,postgres-local', '--rounds', '30', ...small])
    await running.saw(/measured [1-9]\d* of/)
    const place = workFolderOf(running.child)
    running.child.stdout!.destroy()
    running.child.stderr!.destroy()
    running.child.kill('SIGHUP')
    running.child.kill('SIGHUP')
    expect((await running.finished).code).toBe(130)
    expect(processesNaming(place)).toEqual([])
    expect(workFolders()).not.toContain(place)
    expect(storedRun(folder).status).toBe('interrupted')
  })

  test('not even SIGKILL leaves a server, and `clean` takes the folder away', async () => {
    const folder = project()
    const running = start(folder, [
      'run',
      '--backend',
      'better-sqlite3,postgres-local,turso-replica,d1-worker',
      '--rounds',
      '3',
      ...small,
    ])
    await running.saw(/measured [1-9] of/)
    const place = workFolderOf(running.child)
    running.child.kill('SIGKILL')
    await running.finished
    await expect.poll(() => processesNaming(place).map(({ command }) => command), { timeout: 15_000 }).toEqual([])
    expect(storedRun(folder, readdirSync(join(folder, 'results'))[0]).status).toBe('running')
    const { stdout, code } = await sqlatency(folder, ['clean'])
    expect(code).toBe(0)
    expect(stdout).toContain(place)
    expect(workFolders()).not.toContain(place)
  })
})

describe("a Postgres of one's own", () => {
  const PASSWORD = 'pl4nted-S3cret'
  let scope: TestScope
  let server: URL
  let admin: pg.Client

  beforeAll(async () => {
    scope = await testScope()
    server = new URL((await startPostgres(scope)).url)
    admin = new pg.Client({ connectionString: server.href })
    await admin.connect()
    await admin.query(`CREATE ROLE visitor LOGIN PASSWORD '${PASSWORD}'`)
    await admin.query('CREATE DATABASE theirs OWNER visitor')
  })
  afterAll(async () => {
    await admin.end()
    await scope.close()
  })

  const url = (changes: Partial<URL> = {}): string =>
    Object.assign(new URL(server.href), { username: 'visitor', password: PASSWORD, pathname: '/theirs' }, changes).href

  const tables = async (): Promise<string[]> => {
    const client = new pg.Client({ connectionString: url() })
    await client.connect()
    const { rows } = await client.query<{ name: string }>(
      "SELECT table_schema || '.' || table_name AS name FROM information_schema.tables WHERE table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY 1",
    )
    await client.end()
    return rows.map(({ name }) => name)
  }

  test('is measured in a schema of its own, which is gone afterwards; its password is nowhere', async () => {
    const folder = project()
    await admin.query('SELECT 1')
    const running = start(folder, ['run', '--backend', 'postgres-remote', '--rounds', '2', ...small], {
      SQLATENCY_POSTGRES_REMOTE_URL: url(),
    })
    await running.saw(/measured 1 of/)
    expect(processesNaming(PASSWORD)).toEqual([])
    const { code, stdout, stderr } = await running.finished
    expect(stderr).not.toContain('failed')
    expect(code).toBe(0)
    const run = storedRun(folder)
    expect(run.backends[0]).toMatchObject({
      reach: 'network',
      external: true,
      distance: null,
      options: { url: '***', rttMs: 0 },
    })
    expect(await tables()).toEqual([])
    for (const text of [
      stdout,
      stderr,
      ...filesUnder(join(folder, 'results')).map((file) => readFileSync(file, 'latin1')),
    ]) {
      expect(text.includes(PASSWORD)).toBe(false)
    }
  })

  test.each([
    ['a wrong password', () => url({ password: `wr0ng-${PASSWORD}` }), 'ACCESS_DENIED'],
    ['a port where nobody listens', () => url({ port: '1' }), 'UNREACHABLE'],
    ['a database that is not there', () => url({ pathname: '/nowhere' }), 'BACKEND_FAILED'],
  ])('%s fails that backend alone, without a word of the password', async (_, address, expected) => {
    const folder = project()
    const { code, stdout, stderr } = await sqlatency(
      folder,
      ['run', '--backend', 'better-sqlite3,postgres-remote', '--rounds', '1', ...small],
      {
        SQLATENCY_POSTGRES_REMOTE_URL: address(),
      },
    )
    expect(code).toBe(3)
    const run = storedRun(folder)
    expect(outcomes(run.cells, 'better-sqlite3')).toEqual(new Set(['measured']))
    for (const cell of run.cells.filter((one) => one.backend === 'postgres-remote'))
      expect(cell).toMatchObject({ outcome: 'failed', code: expected })
    for (const text of [
      stdout,
      stderr,
      ...filesUnder(join(folder, 'results')).map((file) => readFileSync(file, 'latin1')),
    ]) {
      expect(text.includes(PASSWORD)).toBe(false)
    }
  })

  test('a schema with tables that are not ours is left alone', async () => {
    const client = new pg.Client({ connectionString: url() })
    await client.connect()
    await client.query(
      "CREATE SCHEMA sqlatency; CREATE TABLE sqlatency.post (id bigint, precious text); INSERT INTO sqlatency.post VALUES (1, 'kept')",
    )
    const folder = project()
    const { code } = await sqlatency(
      folder,
      ['run', '--backend', 'postgres-remote', '--rounds', '1', '--quiet', ...small],
      {
        SQLATENCY_POSTGRES_REMOTE_URL: url(),
      },
    )
    expect(code).toBe(3)
    for (const cell of storedRun(folder).cells)
      expect(cell).toMatchObject({ outcome: 'failed', code: 'FOREIGN_TABLES' })
    expect((await client.query('SELECT * FROM sqlatency.post')).rows).toEqual([{ id: '1', precious: 'kept' }])
    await client.query('DROP SCHEMA sqlatency CASCADE')
    await client.end()
  })
})

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
}
