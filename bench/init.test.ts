import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { EXAMPLE_ID } from './commands/init/config-text.ts'
import { git } from './testing/compared.ts'
import { project, sqlatency, storedRun } from './testing/cli.ts'
import { complaints, stepsOf } from './testing/github/workflow.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const WORKFLOW = '.github/workflows/sqlatency.yml'

interface Manifest {
  readonly type?: string
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
}

/** A project that uses some packages, in a repository of its own. */
function using(manifest: Manifest): string {
  const folder = project({ 'package.json': JSON.stringify(manifest), 'package-lock.json': '{}' })
  git(folder, 'init', '--quiet')
  return folder
}

const small = ['--duration', '10ms', '--markers', '0', '--scenario', `${EXAMPLE_ID},insert`]

const read = (folder: string, name: string): string => readFileSync(join(folder, name), 'utf8')

describe('the written configuration loads, compiles and runs', () => {
  const used = { 'better-sqlite3': '*', pg: '*', '@libsql/client': '*', wrangler: '*' }
  test.each([
    ['module', used, 'sqlatency.config.ts', ['better-sqlite3', 'turso-replica', 'postgres-local', 'd1-worker']],
    ['commonjs', { pg: '*' }, 'sqlatency.config.mjs', ['postgres-local']],
    [undefined, {}, 'sqlatency.config.mjs', ['better-sqlite3', 'postgres-local']],
  ])('type %s, using %o', async (type, dependencies, name, backends) => {
    const folder = using({ ...(type === undefined ? {} : { type }), dependencies })
    const { code, stdout, stderr } = await sqlatency(folder, ['init'])
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(new RegExp(`^wrote +${name}\nwrote +${WORKFLOW}\n`))
    expect(stdout).toContain('npm install --save-dev sqlatency')
    const run = await sqlatency(folder, ['run', '--plan', 'smoke', '--rounds', '1', ...small])
    expect(run.code, run.stderr).toBe(0)
    expect(run.stderr).not.toContain('Warning')
    const stored = storedRun(folder)
    expect(stored.backends.map(({ id }) => id)).toEqual(backends)
    expect(new Set(stored.cells.map(({ outcome }) => outcome))).toEqual(new Set(['measured']))
  })

  test('under strict', async () => {
    const folder = using({ type: 'module' })
    await sqlatency(folder, ['init'])
    const options = {
      extends: join(root, 'tsconfig.json'),
      compilerOptions: { types: ['node'], typeRoots: [join(root, 'node_modules', '@types')] },
      include: ['sqlatency.config.ts'],
    }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(options))
    const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
    expect(() => execFileSync(process.execPath, [tsc, '-p', folder])).not.toThrow()
  })
})

describe('the written workflow', () => {
  test('is the one of docs/ci.md, to the letter', async () => {
    const folder = using({ type: 'module', devDependencies: { sqlatency: '*' } })
    const [commands] = [.../```sh\n(.*?)```/s.exec(read(root, 'docs/ci.md'))!].slice(1)
    expect(commands).toBe('npm install --save-dev sqlatency\nnpx sqlatency init\n')
    const { stdout } = await sqlatency(folder, ['init'])
    expect(stdout).not.toMatch(/npm install|replace/)
    const documented = new RegExp(`\`\`\`yaml file=${WORKFLOW}\n(.*?)\`\`\``, 's').exec(read(root, 'docs/ci.md'))![1]
    expect(read(folder, WORKFLOW)).toBe(documented)
  })

  test.each(['app', 'apps/a "quoted" # name: x'])(
    'of a project in the folder %s lies at the top and is valid',
    async (name) => {
      const top = using({})
      const folder = join(top, name)
      mkdirSync(folder, { recursive: true })
      writeFileSync(join(folder, 'package.json'), '{}')
      const { code } = await sqlatency(folder, ['init'])
      expect(code).toBe(0)
      expect(existsSync(join(folder, 'sqlatency.config.mjs'))).toBe(true)
      const text = read(top, WORKFLOW)
      expect(await complaints(WORKFLOW, text)).toBe('')
      // Packages are those of the top, where the lock file and sqlatency are.
      expect(stepsOf(text).slice(2)).toEqual([
        { run: 'npm ci' },
        { uses: './node_modules/sqlatency', with: expect.objectContaining({ 'working-directory': name }) as object },
      ])
    },
  )

  test('of a project with packages of its own installs them there', async () => {
    const top = using({})
    const folder = join(top, 'app')
    mkdirSync(join(folder, 'node_modules'), { recursive: true })
    symlinkSync(join(top, 'node_modules', 'sqlatency'), join(folder, 'node_modules', 'sqlatency'))
    writeFileSync(join(folder, 'package.json'), '{}')
    rmSync(join(top, 'package-lock.json'))
    writeFileSync(join(top, 'pnpm-lock.yaml'), '')
    const { stdout } = await sqlatency(folder, ['init'])
    expect(stdout).toContain('replace `npm install` in the workflow by what goes with pnpm-lock.yaml')
    const text = read(top, WORKFLOW)
    expect(await complaints(WORKFLOW, text)).toBe('')
    expect(stepsOf(text).slice(2)).toEqual([
      { run: 'npm install', 'working-directory': 'app' },
      { uses: './app/node_modules/sqlatency', with: expect.objectContaining({ 'working-directory': 'app' }) as object },
    ])
  })
})

test('beside a configuration that is there, the workflow asks for no example, and for nothing that may be unknown', async () => {
  const top = using({ type: 'module' })
  const folder = join(top, 'app')
  for (const [place, name] of [
    [top, ''],
    [folder, 'app'],
  ] as const) {
    mkdirSync(place, { recursive: true })
    writeFileSync(join(place, 'package.json'), '{ "type": "module" }')
    writeFileSync(join(place, 'sqlatency.config.js'), "export default { run: ['null'] }")
    rmSync(join(top, WORKFLOW), { force: true })
    await sqlatency(place, ['init'])
    const text = read(top, WORKFLOW)
    expect(await complaints(WORKFLOW, text)).toBe('')
    const [, action] = stepsOf(text).slice(2)
    expect(action).toEqual({
      uses: './node_modules/sqlatency',
      ...(name === '' ? {} : { with: { 'working-directory': name } }),
    })
  }
  // The configuration is written anew, and the example with it.
  await sqlatency(folder, ['init', '--force'])
  expect(read(top, WORKFLOW)).toContain(`scenario: ${EXAMPLE_ID},point-read,insert`)
})

test('nothing is overwritten, nothing is written dry, and both can be told otherwise', async () => {
  const folder = using({ type: 'module' })
  const dry = await sqlatency(folder, ['init', '--dry-run', '--backend', 'null'])
  expect(dry.stdout).toMatch(
    /^would write sqlatency\.config\.ts\n\nimport .*\n[^]*run: \['null'\][^]*would write \.github/,
  )
  expect(existsSync(join(folder, '.github'))).toBe(false)
  expect(existsSync(join(folder, 'sqlatency.config.ts'))).toBe(false)

  writeFileSync(join(folder, 'sqlatency.config.js'), 'mine')
  const first = await sqlatency(folder, ['init'])
  expect(first.code).toBe(0)
  expect(first.stdout).toMatch(
    /^left alone +sqlatency\.config\.js is there already; --force overwrites it\nwrote +\.github/,
  )
  expect(read(folder, 'sqlatency.config.js')).toBe('mine')
  writeFileSync(join(folder, WORKFLOW), 'mine')
  const second = await sqlatency(folder, ['init'])
  expect(second.stdout.match(/left alone/g)).toHaveLength(2)
  expect(read(folder, WORKFLOW)).toBe('mine')

  const forced = await sqlatency(folder, ['init', '--force'])
  expect(forced.stdout).toMatch(/^wrote +sqlatency\.config\.js\nwrote +\.github/)
  expect(read(folder, 'sqlatency.config.js')).toContain('defineConfig')
  expect(existsSync(join(folder, 'sqlatency.config.ts'))).toBe(false)
})

test.each([
  [['--backend', 'postgres-locl'], {}, 'There is no backend postgres-locl. Did you mean postgres-local?'],
  [['--forse'], {}, 'There is no flag --forse. Did you mean --force?'],
  [['extra'], {}, '"extra" is not expected here.'],
  [[], { 'package.json': '{ not json' }, 'cannot be read'],
  [[], { 'package.json': '' }, 'cannot be read'],
])('init %j with %j is refused, and writes nothing', async (args, files, message) => {
  const folder = project(files)
  const { code, stderr, stdout } = await sqlatency(folder, ['init', ...args])
  expect([code, stdout]).toEqual([2, ''])
  expect(stderr).toContain(message)
  expect(existsSync(join(folder, '.github'))).toBe(false)
})

test('outside a project it says where to go', async () => {
  const folder = project()
  rmSync(join(folder, 'package.json'))
  const { code, stderr } = await sqlatency(folder, ['init'])
  expect([code, stderr]).toEqual([
    2,
    expect.stringMatching(/^sqlatency: There is no package\.json in .* Go to the folder/),
  ])
})
