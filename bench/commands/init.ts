import { existsSync } from 'node:fs'
import { join, relative } from 'node:path'
import { defineCommand } from 'citty'
import { builtInBackends } from '../plans/backends.ts'
import { writeAtomically } from '../run/files.ts'
import { checkFlags, list, unknownName } from './flags.ts'
import { configText } from './init/config-text.ts'
import type { Found } from './init/project.ts'
import { lookAt } from './init/project.ts'
import { workflowText } from './init/workflow-text.ts'

const args = {
  backend: {
    type: 'string',
    description: 'Backends of the configuration (default: those that package.json tells of)',
    valueHint: 'a,b',
  },
  force: { type: 'boolean', description: 'Overwrite what is there' },
  'dry-run': { type: 'boolean', description: 'Show what would be written, and write nothing' },
} as const

export default defineCommand({
  meta: { name: 'init', description: 'Write a configuration and a GitHub workflow into this project' },
  args,
  async run({ args: flags, rawArgs }) {
    checkFlags(rawArgs, args)
    const found = await lookAt(process.cwd())
    const backends = chosen(list(flags.backend), found)
    const why =
      flags.backend !== undefined || found.uses.length === 0
        ? 'Backends to compare.'
        : `For ${found.uses.join(', ')} in package.json.`
    const isForced = flags.force === true
    const hasExample = isForced || !existsSync(found.config)
    const files = [
      { path: found.config, content: configText(backends, why) },
      { path: join(found.top, '.github', 'workflows', 'sqlatency.yml'), content: workflowText(found, hasExample) },
    ]
    for (const file of files) process.stdout.write(place(file, isForced, flags['dry-run'] === true))
    if (flags['dry-run'] !== true) process.stdout.write(next(found))
  },
})

function chosen(asked: readonly string[] | undefined, { backends }: Found): readonly string[] {
  for (const id of asked ?? []) {
    if (!Object.hasOwn(builtInBackends, id)) throw unknownName('backend', id, Object.keys(builtInBackends))
  }
  return asked ?? backends
}

interface File {
  readonly path: string
  readonly content: string
}

/** @returns what was done, or would be */
function place({ path, content }: File, isForced: boolean, isDry: boolean): string {
  const name = relative(process.cwd(), path)
  if (existsSync(path) && !isForced) return `left alone  ${name} is there already; --force overwrites it\n`
  if (isDry) return `would write ${name}\n\n${content}\n`
  writeAtomically(path, content)
  return `wrote       ${name}\n`
}

function next({ hasSqlatency, install, otherLock }: Found): string {
  const steps = [
    ...(hasSqlatency ? [] : ['npm install --save-dev sqlatency']),
    ...(otherLock === null ? [] : [`replace \`${install}\` in the workflow by what goes with ${otherLock}`]),
    'npx sqlatency run --plan smoke',
    'and put a query of yours into the configuration',
  ]
  return `next        ${steps.join('\n            ')}\n`
}
