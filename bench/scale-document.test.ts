import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { k6Here, WITHOUT_K6 } from './k6/testing/here.ts'
import { project, sqlatency, storedRun } from './testing/cli.ts'
import { complaints, readWorkflow, stepsOf } from './testing/github/workflow.ts'

const documentation = readFileSync(fileURLToPath(new URL('../docs/scale.md', import.meta.url)), 'utf8')
const blocksOf = (language: string): string[] =>
  [...documentation.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(([, block]) => block!)
const commandsOf = (block: string): string[] => block.trim().split('\n')
const wordsOf = (command: string): string[] => command.replace(/\s+#.*$/, '').split(/\s+/)

/** Less of everything; what a command says itself goes before. */
const SHORT = { SQLATENCY_DURATION: '1s', SQLATENCY_WARM_UP: '500ms', SQLATENCY_SCALE: '0.02' }

const [segments, ...blocks] = blocksOf('sh')

async function runs(folder: string, command: string, env: NodeJS.ProcessEnv = SHORT): Promise<void> {
  const [, , name, ...flags] = wordsOf(command)
  const { code, stderr } = await sqlatency(folder, [name!, ...flags], env)
  expect(code, `${command}\n${stderr}`).toBe(0)
}

test.skipIf(k6Here === null)(`the command of segments works as it stands there (${WITHOUT_K6})`, async () => {
  const folder = project()
  for (const command of commandsOf(segments!)) await runs(folder, command)
  expect(storedRun(folder).k6).toMatchObject({ segments: 3, ratePerSecond: 300 })
})

test('every other command works as it stands there', async () => {
  const commands = blocks.flatMap(commandsOf)
  expect(commands.map((command) => wordsOf(command)[2])).toEqual(['run', 'run', 'merge', 'k8s'])
  const folder = project()
  const env = { SQLATENCY_SCALE: '0.02', SQLATENCY_ROUNDS: '1', SQLATENCY_BACKEND: 'better-sqlite3,postgres-local' }
  for (const command of commands)
    await runs(folder, command, { ...env, SQLATENCY_MARKERS: '0', SQLATENCY_DURATION: '20ms' })
  const { backends, sources } = storedRun(folder, 'places')
  expect(sources.map(({ region }) => region)).toEqual(['eu-west-1', 'us-east-1'])
  expect(backends.map(({ id }) => id.replace(/.*@/, ''))).toEqual(['eu-west-1', 'eu-west-1', 'us-east-1', 'us-east-1'])
})

describe('what needs a cluster', () => {
  test('names files and objects that k8s writes', async () => {
    const folder = project()
    await runs(folder, commandsOf(blocks.at(-1)!)[0]!, { SQLATENCY_SCALE: '0.02' })
    const written = readdirSync(join(folder, 'k8s'), { recursive: true }).map(String)
    const lines = blocksOf('console')[0]!.trim().split('\n')
    const files = lines.flatMap((line) => / -f k8s\/(\S+)/.exec(line)?.[1] ?? [])
    expect(files.length).toBe(6)
    for (const file of files) expect(written).toContain(file)
    const text = written
      .filter((name) => name.endsWith('.yaml'))
      .map((name) => readFileSync(join(folder, 'k8s', name), 'utf8'))
      .join('\n')
    const objects = lines.flatMap((line) => /(?:job|testrun)\/(\S+)|kubectl cp ([^:]+):/.exec(line)?.slice(1) ?? [])
    for (const name of objects.filter((one) => one !== undefined)) expect(text).toContain(`name: ${name}\n`)
    // Made by hand, so named in the manifests.
    expect(text).toContain('name: sqlatency-probe\n')
    expect(lines.join('\n')).toContain('create configmap sqlatency-probe --from-file=k8s/probe')
    expect(text).toContain('name: sqlatency\n')
  })
})

test('the workflow is one, and no expression is pasted into a shell', async () => {
  const [block] = blocksOf('yaml')
  expect(await complaints('.github/workflows/places.yml', block!)).toBe('')
  expect(Object.keys(readWorkflow(block!).jobs)).toEqual(['measure', 'merge'])
  for (const { run } of stepsOf(block!)) expect(run ?? '').not.toContain('${{')
})
