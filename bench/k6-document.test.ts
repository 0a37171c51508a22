import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { k6Here, WITHOUT_K6 } from './k6/testing/here.ts'
import type { Started } from './testing/cli.ts'
import { project, sqlatency, start, storedRun } from './testing/cli.ts'

const documentation = readFileSync(fileURLToPath(new URL('../docs/k6.md', import.meta.url)), 'utf8')
const commands = [...documentation.matchAll(/^```sh\n(.*?)^```/gms)].flatMap(([, block]) => block!.trim().split('\n'))

/** Less of everything; what a command says itself goes before. */
const SHORT = { SQLATENCY_DURATION: '1s', SQLATENCY_WARM_UP: '500ms', SQLATENCY_SCALE: '0.02' }

/** Variables before a command, and its words. */
function parsed(command: string): { variables: Record<string, string>; words: string[] } {
  const words = command.replace(/\s+#.*$/, '').split(/\s+/)
  const first = words.findIndex((word) => !/^\w+=/.test(word))
  const variables = words
    .slice(0, first)
    .map((word) => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)])
  return { variables: Object.fromEntries(variables) as Record<string, string>, words: words.slice(first) }
}

function bash(folder: string, command: string): Promise<{ code: number | null; said: string }> {
  const env = { ...process.env, PATH: `${dirname(k6Here!.path)}:${process.env['PATH']}`, HOME: folder }
  const child = spawn('bash', ['-c', command], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()))
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, said })))
}

test.skipIf(k6Here === null)(`every command of docs/k6.md works as it stands there (${WITHOUT_K6})`, async () => {
  expect(commands.map((command) => parsed(command).words.slice(0, 3).join(' '))).toEqual([
    'npx sqlatency k6',
    'npx sqlatency serve',
    'npx sqlatency k6',
    'k6 run load/probe.ts',
  ])
  const folder = project()
  let serving: Started | null = null
  for (const command of commands) {
    const { variables, words } = parsed(command)
    const [, , name, ...flags] = words
    if (words[0] === 'k6') {
      const { code, said } = await bash(folder, command)
      // 99: a busy machine made it drop some, which is a threshold.
      expect([0, 99], said).toContain(code)
      expect(said).toContain('sqlatency_operation')
    } else if (name === 'serve') {
      serving = start(folder, [name, ...flags], { ...SHORT, ...variables })
      await serving.saw(/Ctrl-C ends it/)
    } else {
      const { code, stderr } = await sqlatency(folder, [name!, ...flags], { ...SHORT, ...variables })
      expect([code, stderr.includes('failed')], `${command}\n${stderr}`).toEqual([0, false])
    }
  }
  expect(storedRun(folder).k6!.cells.every(({ outcome }) => outcome === 'measured')).toBe(true)
  expect(existsSync(join(folder, 'load', 'probe.ts'))).toBe(true)
  serving!.child.kill('SIGINT')
  expect(await serving!.finished).toMatchObject({ code: 0 })
})
