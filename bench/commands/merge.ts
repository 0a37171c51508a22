import { defineCommand } from 'citty'
import { SqlatencyError } from '../contract/index.ts'
import { newRunId } from '../run/begin.ts'
import { merge } from '../run/merge.ts'
import { shippedClaims } from './claims-file.ts'
import {
  choiceFlags,
  comparisonOf,
  exitCodeOf,
  loadFinished,
  outputFlags,
  printComparison,
  writeReports,
} from './common.ts'
import { checkFlags } from './flags.ts'
import { DEFAULT_OUTPUT } from './settings.ts'

const args = {
  run: { type: 'positional', required: false, description: 'Ids or folders of two stored runs or more' },
  output: choiceFlags.output,
  name: { type: 'string', description: 'Name of the merged run (default: an id)', valueHint: 'name' },
  json: outputFlags.json,
} as const

export default defineCommand({
  meta: { name: 'merge', description: 'Make one run of several, also from several machines' },
  args,
  run({ args: flags, rawArgs }) {
    checkFlags(rawArgs, args, Infinity)
    const output = flags.output ?? DEFAULT_OUTPUT
    const { run, store } = merge(
      flags._.map((name) => loadFinished(output, name)),
      output,
      nameOf(flags.name),
    )
    const comparison = writeReports(comparisonOf(run, shippedClaims()), store)
    if (flags.json === true) process.stdout.write(`${JSON.stringify(run)}\n`)
    else printComparison(comparison, store.directory)
    process.exitCode = exitCodeOf(run)
  },
})

function nameOf(name: string | undefined): string {
  if (name === undefined) return newRunId(new Date())
  if (!/^[\w-][\w.-]*$/.test(name) || name === 'latest')
    throw new SqlatencyError('USAGE', `The name is "${name}"; use letters, digits, dots, dashes, and not "latest".`)
  return name
}
