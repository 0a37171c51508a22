import { defineCommand } from 'citty'
import { reports } from '../../reports/index.ts'
import { compare } from '../analyze/compare.ts'
import { choiceFlags, loadFinished, printComparison, writeReports } from './common.ts'
import { checkFlags, unknownName } from './flags.ts'
import { DEFAULT_OUTPUT } from './settings.ts'

const args = {
  run: { type: 'positional', required: false, default: 'latest', description: 'Id or folder of a stored run' },
  output: choiceFlags.output,
  format: { type: 'string', description: 'Print one to stdout: html, markdown or json', valueHint: 'name' },
} as const

export default defineCommand({
  meta: { name: 'report', description: 'Write the reports of a stored run once more' },
  args,
  run({ args: flags, rawArgs }) {
    checkFlags(rawArgs, args)
    const { run, store } = loadFinished(flags.output ?? DEFAULT_OUTPUT, flags.run)
    if (flags.format === undefined) {
      printComparison(writeReports(run, store), store.directory)
      return
    }
    if (flags.format === 'json') {
      process.stdout.write(`${JSON.stringify(run, null, 1)}\n`)
      return
    }
    const report = reports.find((one) => one.id === flags.format)
    if (report === undefined) throw unknownName('format', flags.format, [...reports.map((one) => one.id), 'json'])
    process.stdout.write(report.render(compare(run)))
  },
})
