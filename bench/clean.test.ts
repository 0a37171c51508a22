import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { apart } from './testing/compared.ts'
import { project, sqlatency, start } from './testing/cli.ts'

const small = ['--scale', '0.02', '--duration', '10ms', '--markers', '0', '--scenario', 'point-read']
const ID = '2026-11-25T14-00-00Z-abcd'

function fill(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
}

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
