import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Miniflare, convertV4MiniflareOptions } from 'miniflare'
import { afterAll, expect, test } from 'vitest'
import type { AsyncSession, Draw } from '../../../bench/contract/index.ts'
import {
  compileScenario,
  drawQuestion,
  rowCount,
  scenarioTexts,
  seedCalls,
  seededRandom,
} from '../../../bench/contract/index.ts'
import { scenarios } from '../../../scenarios/index.ts'
import { seed } from '../../../bench/run/seed.ts'
import { testScope } from '../../testing/scope.ts'
import d1 from '../index.ts'
import { COMPATIBILITY_DATE } from '../session.ts'
import { deployedTexts, tablesOf } from './texts.ts'

const here = fileURLToPath(new URL('.', import.meta.url))
const config = join(here, 'wrangler.jsonc')
const wrangler = fileURLToPath(new URL('../../../node_modules/wrangler/bin/wrangler.js', import.meta.url))

const folder = await mkdtemp(join(tmpdir(), 'sqlatency-deploy-'))
afterAll(() => rm(folder, { recursive: true }))

/** What `wrangler deploy` would upload. */
async function bundleByWrangler(): Promise<string> {
  const env = {
    PATH: process.env['PATH'],
    HOME: folder,
    WRANGLER_SEND_METRICS: 'false',
    WRANGLER_LOG_PATH: folder,
    CI: 'true',
  }
  const leftover = join(here, '.wrangler')
  const wasThere = existsSync(leftover)
  try {
    const args = [wrangler, 'deploy', '--dry-run', '--outdir', folder, '-c', config]
    const { stdout } = await promisify(execFile)(process.execPath, args, { env, cwd: folder })
    expect(stdout).toContain('env.DB (sqlatency)')
    return await readFile(join(folder, 'entry.js'), 'utf8')
  } finally {
    if (!wasThere) await rm(leftover, { recursive: true, force: true })
  }
}

/** The deployed Worker's part, played by the local runtime: the migrated database and the bundle of wrangler. */
async function deployLocally(script: string, token: string): Promise<Miniflare> {
  const worker = new Miniflare(
    convertV4MiniflareOptions({
      script,
      modules: true,
      compatibilityDate: COMPATIBILITY_DATE,
      bindings: { SQLATENCY_TOKEN: token },
      d1Databases: { DB: 'deployed' },
      cf: false,
    }),
  )
  const db = await worker.getD1Database('DB')
  const migration = await readFile(join(here, 'migrations/0001_datasets.sql'), 'utf8')
  const statements = migration
    .replaceAll(/^--.*$/gm, '')
    .split(';')
    .map((text) => text.trim())
  await db.batch(statements.filter((text) => text !== '').map((text) => db.prepare(text)))
  return worker
}

test('wrangler bundles the Worker without a network, and on a migrated database it runs every built-in scenario', async () => {
  const token = 'token-of-this-test'
  const worker = await deployLocally(await bundleByWrangler(), token)
  await using scope = await testScope()
  scope.defer(() => worker.dispose())
  const url = (await worker.ready).href
  const { address } = await d1.provision({ ...d1.defaults, url, token }, scope, { texts: [], scenarioModules: [] })
  const session = (await d1.connect(address)) as AsyncSession
  scope.defer(() => session.close())
  const count = rowCount(0.003)
  // As the harness does it: it must find its own tables, and need no statement that a deployed Worker does not know.
  const job = { tables: tablesOf(scenarios), dialect: 'sqlite', seed: 1, count, runId: 'test' } as const
  expect(await seed(session, job)).toEqual([])
  const random = seededRandom(1)
  let fresh = 1_000_000
  const draw: Draw = { ...random, count, key: (table) => 1 + random.integer(count(table)), fresh: () => (fresh += 1) }
  const silent: string[] = []
  for (const scenario of scenarios) {
    const rows = await compileScenario(scenario, session, 'sqlite')(drawQuestion(scenario.work, draw))
    if (rows.length === 0) silent.push(scenario.kind)
  }
  expect(silent).not.toContain('read')
  const client = await d1.replication!.ownWrites!(address)
  scope.defer(() => client.close())
  await client.write(1)
  expect(await client.poll(1)).toMatchObject({ visible: true })
}, 60_000)

test('both runtimes, deployed and local, behave as of the same date', async () => {
  expect(await readFile(config, 'utf8')).toContain(`"compatibility_date": "${COMPATIBILITY_DATE}"`)
})

test('the deployed Worker knows what scenarios and seeding send, at any scale', () => {
  const known = new Set(deployedTexts(scenarios))
  const sent = scenarios.flatMap((scenario) => scenarioTexts(scenario, 'sqlite'))
  for (const scale of [0.001, 0.0137, 0.02]) {
    for (const table of tablesOf(scenarios)) {
      for (const [text] of seedCalls(table, 'sqlite', 1, rowCount(scale))) sent.push(text)
    }
  }
  expect(sent.filter((text) => !known.has(text))).toEqual([])
})

test('the deployed Worker cannot change its schema', () => {
  expect(deployedTexts(scenarios).filter((text) => /CREATE|DROP|ALTER|PRAGMA/i.test(text))).toEqual([])
})
