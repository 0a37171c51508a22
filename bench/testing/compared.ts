import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Gate } from '../contract/index.ts'
import { project } from './cli.ts'

export interface Configured {
  /** Every query does nothing useful for so long. */
  readonly extraMicroseconds?: number
  /** What the one scenario asks. */
  readonly statement?: string
  /** What every row is said to hold, whatever the database says. */
  readonly lie?: boolean
}

/** A configuration with an adapter and a scenario of its own, whose speed is chosen here. */
export const configText = ({
  extraMicroseconds = 0,
  statement = 'SELECT balance FROM account WHERE id = $1',
  lie = false,
}: Configured = {}): string => `
import { DatabaseSync } from 'node:sqlite'
import { defineAdapter, defineConfig, defineScenario, ledger, single } from 'sqlatency'

const account = ledger.tables[0]

const adapter = defineAdapter({
  id: 'own', title: 'Own', dialect: 'sqlite', reach: 'in-process', defaults: {},
  provision: async (_, scope) => ({ address: scope.directory + '/own.db', distance: null, servers: [], external: false }),
  connect(file) {
    const database = new DatabaseSync(file)
    const prepare = (text) => {
      const statement = database.prepare(text)
      return (args) => {
        const end = process.hrtime.bigint() + ${extraMicroseconds * 1000}n
        while (process.hrtime.bigint() < end) continue
        const rows = statement.all(...args)
        return ${lie ? 'text.includes("balance FROM") ? [{ balance: 7 }] : rows' : 'rows'}
      }
    }
    return {
      mode: 'sync', prepare,
      batch(calls) {
        database.exec('BEGIN')
        for (const [text, args] of calls) database.prepare(text).all(...args)
        database.exec('COMMIT')
      },
      facts: () => ({ durability: 'durable', settings: { extra: ${extraMicroseconds} }, versions: {} }),
      close: () => database.close(),
    }
  },
})

export default defineConfig({
  adapters: [adapter],
  backends: { own: { adapter: 'own' } },
  scenarios: [defineScenario({
    id: 'balance', title: 'A balance', why: 'A test.', dataset: ledger, kind: 'read',
    work: single('${statement}', (draw) => [draw.key(account)]),
  })],
  only: ['balance'],
  scale: 0.01,
})
`

export function git(folder: string, ...args: readonly string[]): string {
  const identity = ['-c', 'user.name=A Test', '-c', 'user.email=test@example.com', '-c', 'commit.gpgsign=false']
  return execFileSync('git', [...identity, ...args], { cwd: folder, encoding: 'utf8' }).trim()
}

/** A user's repository with one commit on `main`. */
export function repository(configured: Configured = {}): string {
  const folder = project({
    'sqlatency.config.ts': configText(configured),
    '.gitignore': 'node_modules\nresults\ntmp\n',
  })
  git(folder, 'init', '--quiet', '--initial-branch=main')
  git(folder, 'add', '.')
  git(folder, 'commit', '--quiet', '--message', 'Begin')
  return folder
}

/** One more commit, on a branch of its own. */
export function branch(folder: string, name: string, configured: Configured): void {
  git(folder, 'checkout', '--quiet', '-b', name)
  writeFileSync(join(folder, 'sqlatency.config.ts'), configText(configured))
  git(folder, 'commit', '--quiet', '--all', '--message', name)
  git(folder, 'checkout', '--quiet', 'main')
}

/** The environment of a comparison whose work folders lie in its project, apart from those of everybody else. */
export function apart(folder: string): { readonly TMPDIR: string } {
  const place = join(folder, 'tmp')
  mkdirSync(place, { recursive: true })
  return { TMPDIR: place }
}

/** Work folders of such a comparison that are there now. */
export const workFoldersIn = (folder: string): string[] =>
  readdirSync(apart(folder).TMPDIR).filter((name) => /^sqlatency-\w{6}$/.test(name))

export const gateOf = (stdout: string): Gate => JSON.parse(stdout) as Gate
