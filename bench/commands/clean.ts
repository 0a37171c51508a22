import { existsSync, lstatSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { defineCommand } from 'citty'
import { ownContainers } from '../../adapters/docker/sweep.ts'
import { OWNER_FILE, WORK_PREFIX, workRoot } from '../run/scope.ts'
import { storedResults } from '../run/stored-results.ts'
import { choiceFlags } from './common.ts'
import { checkFlags } from './flags.ts'
import { DEFAULT_OUTPUT } from './settings.ts'

const args = {
  output: choiceFlags.output,
  runs: { type: 'boolean', description: 'Delete stored runs too' },
  'dry-run': { type: 'boolean', description: 'Show what would be deleted' },
} as const

/** Sweeps what a run that was killed could not: its containers and its work folder. Nothing that is not ours, and nothing of a run that lives. */
export default defineCommand({
  meta: { name: 'clean', description: 'Remove what a killed run left behind' },
  args,
  async run({ args: flags, rawArgs }) {
    checkFlags(rawArgs, args)
    const output = flags.output ?? DEFAULT_OUTPUT
    const results = flags.runs === true ? storedResults(output) : []
    const folders = [...abandoned(), ...results.filter(({ isBusy }) => isBusy === false).map(({ folder }) => folder)]
    const containers = await ownContainers()
    const left = [
      ...containers.filter(({ alive }) => alive === false),
      ...folders.map((name) => ({ name, remove: () => rmSync(name, { recursive: true, force: true }) })),
    ]
    for (const { name, remove } of left) {
      if (flags['dry-run'] !== true) await remove()
      process.stdout.write(`${flags['dry-run'] === true ? 'would remove' : 'removed'} ${name}\n`)
    }
    for (const { name, host } of containers.filter(({ alive }) => alive === null))
      process.stdout.write(
        `kept ${name}: its run was started on ${host}, and \`sqlatency clean\` there can tell whether it lives\n`,
      )
    for (const { folder, isBusy } of results.filter((one) => one.isBusy !== false))
      process.stdout.write(`kept ${folder}: ${isBusy === true ? 'it is being measured' : UNSURE}\n`)
    if (flags.runs === true && flags['dry-run'] !== true && isDangling(join(output, 'latest')))
      rmSync(join(output, 'latest'))
    if (left.length === 0) process.stdout.write('Nothing to remove.\n')
  },
})

const UNSURE = 'whether it is still being measured cannot be told here; remove it by hand if not'

/** A link that leads nowhere. */
const isDangling = (path: string): boolean =>
  lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true && !existsSync(path)

/** Work folders whose owner is gone. */
function abandoned(): string[] {
  const root = workRoot()
  return readdirSync(root)
    .filter((name) => name.startsWith(WORK_PREFIX) && existsSync(join(root, name, OWNER_FILE)))
    .map((name) => join(root, name))
    .filter((folder) => {
      const { pid } = JSON.parse(readFileSync(join(folder, OWNER_FILE), 'utf8')) as { pid: number }
      return !isAlive(pid)
    })
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
