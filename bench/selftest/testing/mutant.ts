import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import type { Checked } from '../selftest.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const COPIED = ['bench', 'adapters', 'scenarios', 'reports', 'package.json']

/** A line of the source that says something else. */
export interface Edit {
  readonly file: string
  readonly from: string
  readonly to: string
}

export interface Outcome {
  readonly code: number | null
  /** Ids of the checks in which something failed. */
  readonly failed: readonly string[]
  readonly rows: number
  readonly stderr: string
}

/** Runs `selftest` from a copy of this project in which these lines are other ones. The copy goes with the test. */
export async function selftestOf(edits: readonly Edit[], args: readonly string[]): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'sqlatency-mutant-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }))
  for (const name of COPIED) cpSync(join(root, name), join(folder, name), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  for (const edit of edits) apply(folder, edit)
  const child = spawn(process.execPath, [join(folder, 'bench', 'bin.js'), 'selftest', '--json', ...args], {
    cwd: folder,
    // Its work folder goes with the copy, and is not among those in which other tests look for their own.
    env: { ...process.env, TMPDIR: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString('utf8')))
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString('utf8')))
  onTestFinished(() => void child.kill('SIGKILL'))
  const [code] = (await once(child, 'close')) as [number | null]
  const checked = stdout === '' ? [] : (JSON.parse(stdout) as Checked[])
  const failed = checked.filter(({ rows }) => rows.some(({ verdict }) => verdict === 'fail')).map(({ id }) => id)
  return { code, failed, rows: checked.flatMap(({ rows }) => rows).length, stderr }
}

function apply(folder: string, { file, from, to }: Edit): void {
  const path = join(folder, file)
  const [before, after, ...more] = readFileSync(path, 'utf8').split(from)
  if (after === undefined || more.length > 0) throw new Error(`"${from}" is not in ${file} exactly once`)
  writeFileSync(path, before + to + after)
}
