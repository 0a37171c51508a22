import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { git } from './testing/compared.ts'
import type { Hosted } from './testing/github/hosted.ts'
import { checkout, hosted } from './testing/github/hosted.ts'

const script = fileURLToPath(new URL('../.github/action/history-branch.js', import.meta.url))
const BRING = `
import { bringBranch } from ${JSON.stringify(script)}
process.stdout.write(JSON.stringify(await bringBranch(process.argv[1])))`

/** A branch of ours with one commit. @returns it */
function keep({ origin, clone }: Hosted, branch: string): string {
  git(clone, 'checkout', '--quiet', '--orphan', branch)
  writeFileSync(join(clone, '.sqlatency-history'), branch)
  git(clone, 'add', '--force', '.sqlatency-history')
  git(clone, 'commit', '--quiet', '--message', branch)
  git(clone, 'push', '--quiet', 'origin', branch)
  return git(origin, 'rev-parse', branch)
}

interface Brought {
  readonly temporary: string
  readonly branch: Promise<{ readonly at: string; readonly folder: string }>
}

/** Brings a branch in a fresh checkout. @param path where git is looked for first */
function bring(host: Hosted, name: string, path = ''): Brought {
  const workspace = checkout(host, 'main')
  const temporary = mkdtempSync(join(workspace, 'temp-'))
  const env = { ...process.env, PATH: `${path}:${process.env.PATH}`, RUNNER_TEMP: temporary }
  const args = ['--input-type=module', '--eval', BRING, name]
  const branch = promisify(execFile)(process.execPath, args, { cwd: workspace, env }).then(
    ({ stdout }) => JSON.parse(stdout) as { at: string; folder: string },
  )
  return { temporary, branch }
}

test('a branch that somebody pushes while it is brought is brought as it was fetched', async () => {
  const host = hosted()
  keep(host, 'history')
  const later = keep(host, 'later')
  const path = join(host.origin, 'race')
  mkdirSync(path)
  const found = git(host.origin, '--exec-path')
  writeFileSync(
    join(path, 'git'),
    `#!/bin/sh
    test "$1" != fetch || ${found}/git -C ${host.origin} update-ref refs/heads/history refs/heads/later
    exec ${found}/git "$@"`,
    { mode: 0o755 },
  )
  const { at, folder } = await bring(host, 'history', path).branch
  expect(at).toBe(later)
  expect(readFileSync(join(folder, '.sqlatency-history'), 'utf8')).toBe('later')
})

test('one that is not there is empty; one that is refused leaves no folder', async () => {
  const host = hosted()
  const { at, folder } = await bring(host, 'history').branch
  expect([at, readdirSync(folder)]).toEqual(['', []])
  const refused = bring(host, 'main')
  await expect(refused.branch).rejects.toThrow(/The branch main holds something else/)
  expect(readdirSync(refused.temporary)).toEqual([])
})
