import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { scenarios } from '../scenarios/index.ts'
import { CONFIG_NAMES } from './commands/config-file.ts'
import { EXAMPLE_ID } from './commands/init/config-text.ts'
import { EXIT } from './contract/index.ts'
import { builtInBackends } from './plans/backends.ts'
import { readAction } from './testing/github/runner.ts'
import { complaints, readWorkflow, stepsOf } from './testing/github/workflow.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const documentation = readFileSync(join(root, 'docs', 'ci.md'), 'utf8')
const documented = [...documentation.matchAll(/```yaml file=(\S+)\n(.*?)```/gs)].map(
  ([, name, text]) => [`docs/ci.md: ${basename(name!)}`, text!] as const,
)
const own = globSync('.github/workflows/*.yml', { cwd: root }).map(
  (path) => [path, readFileSync(join(root, path), 'utf8')] as const,
)
const workflows = [...documented, ...own]
const action = readAction(root)

describe('action.yml', () => {
  const text = readFileSync(join(root, 'action.yml'), 'utf8')

  test('is valid, and the validator would notice if it were not', async () => {
    expect(await complaints('action.yml', text)).toBe('')
    expect(await complaints('action.yml', text.replace('using: composite', 'using: compost'))).not.toBe('')
  })

  test('hands every input over as environment, and pastes none into a script', () => {
    const { steps } = action.runs
    for (const { name, run = '' } of steps) expect(run, name).not.toContain('${{')
    const used = JSON.stringify(steps)
    for (const input of Object.keys(action.inputs)) expect(used, input).toContain(`inputs.${input}`)
    for (const [, input] of used.matchAll(/inputs\.([\w-]+)/g)) expect(Object.keys(action.inputs)).toContain(input)
    // `SQLATENCY_BACKEND` would reach the command line as if the workflow had set it.
    expect(steps.flatMap(({ env = {} }) => Object.keys(env)).filter((name) => name.startsWith('SQLATENCY_'))).toEqual(
      [],
    )
  })

  test('finds configurations by the names that the command line knows', () => {
    const script = readFileSync(join(root, '.github/action/base.js'), 'utf8')
    const [, names] = /^const CONFIGS = \[(.*)\]$/m.exec(script)!
    expect(names).toBe(CONFIG_NAMES.map((name) => `'${name}'`).join(', '))
  })

  test('names what it uses by its major version, and fails last', () => {
    const uses = action.runs.steps.flatMap(({ uses: one }) => (one === undefined ? [] : [one]))
    expect(uses).toEqual([expect.stringMatching(/^actions\/upload-artifact@v\d+$/)])
    expect(action.runs.steps.at(-1)!.run).toContain('conclude.js')
  })

  test('is described in docs/ci.md, with every input, output, outcome and exit code', () => {
    const cells = [...documentation.matchAll(/^\| (.+?) \|/gm)].flatMap(([, cell]) =>
      [...cell!.matchAll(/`([^`]+)`/g)].map(([, name]) => name!),
    )
    for (const input of Object.keys(action.inputs)) expect(cells).toContain(input)
    for (const output of Object.keys(action.outputs)) expect(documentation).toContain(`\`${output}\``)
    const codes = [...documentation.matchAll(/^\| `[\w-]+` \| (\d+) \|/gm)].map(([, code]) => Number(code))
    const said = [EXIT.ok, EXIT.regression, EXIT.invalid, EXIT.backend, EXIT.answersDiffer, EXIT.usage]
    expect(codes).toEqual(said)
  })

  test('is in the package, with the scripts of its steps', () => {
    const { files } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { files: string[] }
    expect(files).toEqual(expect.arrayContaining(['action.yml', '.github/action/*.js']))
  })
})

test('there are workflows to look at', () => {
  expect(documented).toHaveLength(3)
  expect(own).not.toHaveLength(0)
})

describe.each(workflows)('%s', (_, text) => {
  test('is valid, and the validator would notice if it were not', async () => {
    expect(await complaints('.github/workflows/one.yml', text)).toBe('')
    expect(await complaints('.github/workflows/one.yml', text.replace('runs-on:', 'run-on:'))).not.toBe('')
  })

  test('pastes nothing into a script, and asks for no more than it says why', () => {
    for (const { run = '' } of stepsOf(text)) expect(run).not.toContain('${{')
    const { permissions, jobs } = readWorkflow(text)
    const asked = [permissions, ...Object.values(jobs).map((job) => job.permissions)].flatMap((one) =>
      Object.entries(one ?? {}),
    )
    expect(permissions).toBeDefined()
    for (const [name, level] of asked)
      expect(['contents: read', 'contents: write', 'pull-requests: write']).toContain(`${name}: ${level}`)
    if (!text.includes('history-branch')) expect(asked).not.toContainEqual(['contents', 'write'])
  })

  test('gives the action inputs that it has, and names backends, scenarios and variables that exist', () => {
    for (const { uses, with: inputs = {} } of stepsOf(text)) {
      if (uses === undefined || !uses.startsWith('./')) continue
      for (const input of Object.keys(inputs)) expect(Object.keys(action.inputs)).toContain(input)
      const names = (input: string): string[] =>
        String(inputs[input] ?? '')
          .split(',')
          .filter((name) => name !== '')
      for (const backend of names('backend')) expect(Object.keys(builtInBackends)).toContain(backend)
      const known = [EXAMPLE_ID, ...scenarios.map(({ id }) => id)]
      for (const scenario of names('scenario')) expect(known).toContain(scenario)
    }
    const variables = Object.values(readWorkflow(text).jobs).flatMap(({ env = {} }) => Object.keys(env))
    for (const variable of variables) {
      const ids = Object.keys(builtInBackends).map((id) => `SQLATENCY_${id.replaceAll('-', '_').toUpperCase()}_URL`)
      expect(ids).toContain(variable)
    }
  })
})
