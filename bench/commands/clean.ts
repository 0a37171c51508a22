import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { defineCommand } from 'citty'
import { EXIT, messageOf } from '../contract/index.ts'
import { isDangling, leftContainers, leftFolders, leftResults } from './clean/left.ts'
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
    const isDry = flags['dry-run'] === true
    const left = [...(await leftContainers()), ...leftFolders(), ...(flags.runs === true ? leftResults(output) : [])]
    for (const { name, kept, isTrouble, remove } of left) {
      if (kept !== null) {
        process.stdout.write(`kept ${name}: ${kept}\n`)
        if (isTrouble === true) process.exitCode = EXIT.backend
        continue
      }
      try {
        if (!isDry) await remove()
        process.stdout.write(`${isDry ? 'would remove' : 'removed'} ${name}\n`)
      } catch (error) {
        process.stderr.write(`sqlatency: ${name} could not be removed: ${messageOf(error)}\n`)
        process.exitCode = EXIT.backend
      }
    }
    if (flags.runs === true && !isDry && isDangling(join(output, 'latest'))) rmSync(join(output, 'latest'))
    if (left.every(({ kept }) => kept !== null)) process.stdout.write('Nothing to remove.\n')
  },
})
