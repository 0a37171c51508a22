import { spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import { parse } from 'yaml'
import type { Situation } from './expression.ts'
import { filledIn, holds } from './expression.ts'

/** A composite action, as far as it is run here. */
export interface Action {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default?: string }>>
  readonly outputs: Readonly<Record<string, { readonly description: string; readonly value: string }>>
  readonly runs: { readonly using: string; readonly steps: readonly ActionStep[] }
}

interface ActionStep {
  readonly name: string
  readonly id?: string
  readonly if?: string
  readonly shell?: string
  readonly 'working-directory'?: string
  readonly run?: string
  readonly uses?: string
  readonly with?: Readonly<Record<string, string | boolean>>
  readonly env?: Readonly<Record<string, string>>
}

export interface Job {
  /** Folder of the action. */
  readonly action: string
  /** The checkout. */
  readonly workspace: string
  readonly eventName: string
  readonly event: object
  readonly inputs?: Readonly<Record<string, string>>
  /** Of GitHub's REST API. */
  readonly api?: string
  readonly token?: string
  /** What the workflow sets for the job. */
  readonly env?: Readonly<Record<string, string>>
}

export interface Ended {
  /** Steps that failed, with their exit codes; none when the job passed. */
  readonly failed: readonly (readonly [name: string, code: number])[]
  readonly skipped: readonly string[]
  readonly log: string
  readonly summary: string
  readonly outputs: Readonly<Record<string, string>>
  /** Folder with an artifact of that name; it exists if it was uploaded. */
  artifact(name: string): string
}

export const readAction = (folder: string): Action => parse(readFileSync(join(folder, 'action.yml'), 'utf8')) as Action

const SERVER = 'https://github.test'
export const REPOSITORY = 'someone/project'

/** Runs a composite action as GitHub's runner does: steps in order, in bash, with files for outputs and summary. */
export async function runAction(job: Job): Promise<Ended> {
  const action = readAction(job.action)
  const place = mkdtempSync(join(tmpdir(), 'sqlatency-runner-'))
  onTestFinished(() => rmSync(place, { recursive: true, force: true }))
  for (const folder of ['temp', 'tmp', 'artifacts']) mkdirSync(join(place, folder))
  const files = {
    GITHUB_EVENT_PATH: join(place, 'event.json'),
    GITHUB_STEP_SUMMARY: join(place, 'summary.md'),
    GITHUB_OUTPUT: join(place, 'output'),
  }
  writeFileSync(files.GITHUB_EVENT_PATH, JSON.stringify(job.event))
  writeFileSync(files.GITHUB_STEP_SUMMARY, '')
  const github = { token: job.token ?? '', event_name: job.eventName, event: job.event, repository: REPOSITORY }
  const environment = {
    PATH: `${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`,
    HOME: place,
    TMPDIR: join(place, 'tmp'),
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_WORKSPACE: job.workspace,
    GITHUB_ACTION_PATH: job.action,
    GITHUB_EVENT_NAME: job.eventName,
    GITHUB_REPOSITORY: REPOSITORY,
    GITHUB_SERVER_URL: SERVER,
    GITHUB_API_URL: job.api ?? 'http://127.0.0.1:9',
    GITHUB_RUN_ID: '4711',
    RUNNER_TEMP: join(place, 'temp'),
    ...job.env,
    ...files,
  }
  const inputs: Record<string, string> = {}
  for (const [name, { default: standard = '' }] of Object.entries(action.inputs))
    inputs[name] = job.inputs?.[name] ?? filledIn(standard, { contexts: { github }, status: 'success' })
  for (const name of Object.keys(job.inputs ?? {})) if (!(name in inputs)) throw new Error(`no input is called ${name}`)

  const steps: Record<string, { outputs: Record<string, string> }> = {}
  const failed: [string, number][] = []
  const skipped: string[] = []
  let log = ''
  const situation = (): Situation => ({
    contexts: { github, inputs, steps, runner: { temp: environment.RUNNER_TEMP } },
    status: failed.length === 0 ? 'success' : 'failure',
  })
  for (const step of action.runs.steps) {
    if (!holds(step.if, situation())) {
      skipped.push(step.name)
      continue
    }
    writeFileSync(files.GITHUB_OUTPUT, '')
    const put = (values: Readonly<Record<string, string | boolean>> = {}): Record<string, string> =>
      Object.fromEntries(Object.entries(values).map(([name, text]) => [name, filledIn(String(text), situation())]))
    if (step.uses !== undefined) {
      writeFileSync(files.GITHUB_OUTPUT, upload(step.uses, put(step.with), join(place, 'artifacts')))
    } else {
      const cwd = join(job.workspace, filledIn(step['working-directory'] ?? '.', situation()))
      const ended = await bash(step.run!, cwd, { ...environment, ...put(step.env) })
      log += ended.log
      if (ended.code !== 0) failed.push([step.name, ended.code])
    }
    if (step.id !== undefined) steps[step.id] = { outputs: outputsIn(readFileSync(files.GITHUB_OUTPUT, 'utf8')) }
  }
  return {
    failed,
    skipped,
    log,
    summary: readFileSync(files.GITHUB_STEP_SUMMARY, 'utf8'),
    outputs: Object.fromEntries(
      Object.entries(action.outputs).map(([name, { value }]) => [name, filledIn(value, situation())]),
    ),
    artifact: (name) => join(place, 'artifacts', name),
  }
}

/** As `shell: bash` is run. */
function bash(script: string, cwd: string, env: NodeJS.ProcessEnv): Promise<{ code: number; log: string }> {
  const child = spawn('bash', ['--noprofile', '--norc', '-e', '-o', 'pipefail', '-c', script], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let log = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (log += chunk.toString('utf8')))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ code: code ?? 1, log }))
  })
}

/** What the upload refuses in names of files. */
const REFUSED = /[":<>|*?\r\n]/

/** In place of actions/upload-artifact, which needs GitHub: files are copied, links followed. @returns its outputs */
function upload(uses: string, { name, path, ...rest }: Record<string, string>, into: string): string {
  if (!/^actions\/upload-artifact@v\d+$/.test(uses)) throw new Error(`${uses} cannot be run here`)
  if (!existsSync(path!) || readdirSync(path!).length === 0) {
    if (rest['if-no-files-found'] !== 'ignore') throw new Error(`nothing to upload in ${path}`)
    return ''
  }
  for (const file of readdirSync(path!, { recursive: true, encoding: 'utf8' }))
    if (REFUSED.test(file)) throw new Error(`an artifact cannot hold ${file}`)
  cpSync(path!, join(into, name!), { recursive: true, dereference: true })
  return `artifact-url=${SERVER}/${REPOSITORY}/actions/runs/4711/artifacts/1\n`
}

/** `name=value`, or `name<<end` with lines up to the end. */
function outputsIn(text: string): Record<string, string> {
  const found: Record<string, string> = {}
  const lines = text.split('\n')
  for (let line = lines.shift(); line !== undefined; line = lines.shift()) {
    const heredoc = /^([\w-]+)<<(.+)$/.exec(line)
    const plain = /^([\w-]+)=(.*)$/.exec(line)
    if (plain !== null) found[plain[1]!] = plain[2]!
    if (heredoc === null) continue
    const value: string[] = []
    for (let next = lines.shift(); next !== heredoc[2]; next = lines.shift()) {
      if (next === undefined) throw new Error(`the output ${heredoc[1]} has no end`)
      value.push(next)
    }
    found[heredoc[1]!] = value.join('\n')
  }
  return found
}
