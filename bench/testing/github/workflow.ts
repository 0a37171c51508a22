import { execFile } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { project } from '../cli.ts'

const validator = fileURLToPath(new URL('../../../node_modules/.bin/action-validator', import.meta.url))

interface Step {
  readonly uses?: string
  readonly run?: string
  readonly with?: Readonly<Record<string, string | number>>
  readonly 'working-directory'?: string
}

interface Workflow {
  readonly permissions?: Readonly<Record<string, string>>
  readonly jobs: Readonly<
    Record<
      string,
      {
        readonly steps: readonly Step[]
        readonly env?: Readonly<Record<string, string>>
        readonly permissions?: Readonly<Record<string, string>>
      }
    >
  >
}

export const readWorkflow = (text: string): Workflow => parse(text) as Workflow

export const stepsOf = (text: string): readonly Step[] =>
  Object.values(readWorkflow(text).jobs).flatMap(({ steps }) => steps)

/** What action-validator has against a workflow or an action; empty for nothing. */
export function complaints(name: string, text: string): Promise<string> {
  const path = join(project(), name)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
  return new Promise((resolve) => {
    execFile(process.execPath, [validator, path], (error, stdout, stderr) =>
      resolve(error === null ? '' : `${stdout}${stderr}` || error.message),
    )
  })
}
