import { spawnSync } from 'node:child_process'
import { chownSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { apart } from './testing/compared.ts'
import { project, sqlatency, start } from './testing/cli.ts'

const bin = fileURLToPath(new URL('bin.js', import.meta.url))
const small = ['--scale', '0.02', '--duration', '10ms', '--markers', '0', '--scenario', 'point-read']
/** No process has so high an id. */
const GONE = 2 ** 30
const ID = '2026-11-25T14-00-00Z-abcd'

function fill(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
}

describe('work folders', () => {
  /** A project, and a folder for work folders of its own. */
  function place(files: Readonly<Record<string, string>>): { folder: string; env: NodeJS.ProcessEnv; root: string } {
    const folder = project()
    const env = apart(folder)
    fill(env.TMPDIR!, files)
    return { folder, env, root: env.TMPDIR! }
  }

  test('one that cannot be judged is told, and the others go', async () => {
    const { folder, env, root } = place({
      'sqlatency-empty1/owner.json': '',
      'sqlatency-group1/owner.json': '{"pid":0}',
      'sqlatency-gone01/owner.json': JSON.stringify({ pid: GONE }),
      'sqlatency-gone01/data/base': 'x',
      'sqlatency-other1/owner.json': JSON.stringify({ pid: GONE, host: 'elsewhere' }),
    })
    const { code, stdout, stderr } = await sqlatency(folder, ['clean'], env)
    expect(stderr).toBe('')
    expect(stdout).toContain(`removed ${join(root, 'sqlatency-gone01')}\n`)
    expect(stdout).toMatch(/kept .*sqlatency-empty1: owner\.json cannot be read \(.+\); remove it by hand if no sqlat/)
    expect(stdout).toMatch(/kept .*sqlatency-group1: owner\.json cannot be read \(it names no process\)/)
    expect(stdout).toMatch(/kept .*sqlatency-other1: its run was started on elsewhere/)
    expect(readdirSync(root).toSorted()).toEqual(['sqlatency-empty1', 'sqlatency-group1', 'sqlatency-other1'])
    expect(code).toBe(3)
  })

  test.runIf(process.platform === 'linux')('a process that got the id of a dead one keeps no folder', async () => {
    const { folder, env, root } = place({
      'sqlatency-reused/owner.json': JSON.stringify({ pid: process.pid, start: '1' }),
      'sqlatency-living/owner.json': JSON.stringify({ pid: process.pid }),
    })
    expect((await sqlatency(folder, ['clean'], env)).code).toBe(0)
    expect(readdirSync(root)).toEqual(['sqlatency-living'])
  })

  test.runIf(process.getuid?.() === 0)('of another user are left alone', async () => {
    const { folder, env, root } = place({ 'sqlatency-theirs/owner.json': JSON.stringify({ pid: GONE }) })
    chownSync(join(root, 'sqlatency-theirs'), 12_345, 12_345)
    const { code, stdout } = await sqlatency(folder, ['clean'], env)
    expect([code, stdout]).toEqual([0, 'Nothing to remove.\n'])
    expect(readdirSync(root)).toEqual(['sqlatency-theirs'])
  })

  const mounts = (folder: string, script: string, env: NodeJS.ProcessEnv) =>
    spawnSync('unshare', ['--user', '--map-root-user', '--mount', 'sh', '-ec', script, 'sh', process.execPath, bin], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, ...env },
    })
  const canMount =
    existsSync('/dev/fuse') &&
    spawnSync('unshare', ['--user', '--map-root-user', '--mount', 'sh', '-c', 'exec 3<>/dev/fuse']).status === 0

  test.runIf(canMount)('one with a FUSE file system whose server is gone goes; a busy one is told', () => {
    const { folder, env, root } = place({
      'sqlatency-busy01/owner.json': JSON.stringify({ pid: GONE }),
      'sqlatency-busy01/in use/x': '',
      'sqlatency-stale1/owner.json': JSON.stringify({ pid: GONE }),
      'sqlatency-stale1/lite fs/primary/x': '',
    })
    const { status, stdout, stderr } = mounts(
      folder,
      `mount -t tmpfs none "$TMPDIR/sqlatency-busy01/in use"
      exec 3<>/dev/fuse
      mount -i -t fuse -o fd=3,rootmode=40000,user_id=0,group_id=0 lite "$TMPDIR/sqlatency-stale1/lite fs/primary"
      exec 3>&-
      "$1" "$2" clean`,
      env,
    )
    expect(stderr).toMatch(/^sqlatency: .*sqlatency-busy01 could not be removed: .*(EBUSY|resource busy).*\n$/)
    expect(stdout).toBe(`removed ${join(root, 'sqlatency-stale1')}\n`)
    expect(status).toBe(3)
    expect(readdirSync(root)).toEqual(['sqlatency-busy01'])
  })
})

describe('stored runs', () => {
  test('go with --runs, and nothing else that looks like one', async () => {
    const folder = project()
    expect(
      (await sqlatency(folder, ['run', '--quiet', '--backend', 'null', '--rounds', '1', '-o', '.', ...small])).code,
    ).toBe(0)
    const id = readdirSync(folder).find((name) => /^\d{4}-/.test(name))!
    expect(readdirSync(join(folder, id))).not.toContain('owner.json')
    const run = readFileSync(join(folder, id, 'run.json'), 'utf8')
    const kept = {
      'compare-prices/notes.md': 'mine',
      [`compare-${ID}/base/notes.md`]: 'ours, and unfinished',
      'compare-2026-11-25T14-00-01Z-abcd/compare.json': '{"id":"compare-2026-11-25T14-00-01Z-abcd"}',
      'compare-2026-11-25T14-00-02Z-abcd/notes.md': 'mine',
      'marathon/run.json': '{"km":42}',
      'sprint/run.json': 'not JSON',
      'precious/run.json': run,
    }
    fill(folder, kept)
    mkdirSync(join(folder, 'elsewhere'))
    symlinkSync('precious', join(folder, 'compare-link'))
    const before = readdirSync(folder)
    const dry = await sqlatency(folder, ['clean', '--runs', '--dry-run', '-o', '.'])
    expect(readdirSync(folder)).toEqual(before)
    const { code, stdout } = await sqlatency(folder, ['clean', '--runs', '-o', '.'])
    expect(code).toBe(0)
    expect(dry.stdout).toBe(stdout.replaceAll('removed', 'would remove'))
    const gone = [id, `compare-${ID}`, 'compare-2026-11-25T14-00-01Z-abcd', 'latest']
    expect(readdirSync(folder)).toEqual(before.filter((name) => !gone.includes(name)))
  })

  test('stay as long as they are measured', async () => {
    const folder = project()
    const running = start(folder, ['run', '--backend', 'better-sqlite3', '--rounds', '500', ...small])
    await running.saw(/measured [1-9]/)
    const [id] = readdirSync(join(folder, 'results'))
    // The other terminal may have another folder for temporary files.
    const { code, stdout } = await sqlatency(folder, ['clean', '--runs'], apart(folder))
    expect(code).toBe(0)
    expect(stdout).toContain(`kept results/${id}: it is being measured\n`)
    expect(existsSync(join(folder, 'results', id!, 'run.json'))).toBe(true)
    running.child.kill('SIGKILL')
    await running.finished
    expect((await sqlatency(folder, ['clean', '--runs'])).stdout).toContain(`removed results/${id}\n`)
    expect(readdirSync(join(folder, 'results'))).toEqual([])
  })
})
