import type { CommandDef } from 'citty'
import { defineCommand, runCommand, showUsage } from 'citty'
import { packageFacts } from './commands/common.ts'
import { unknownName } from './commands/flags.ts'
import { EXIT, messageOf, SqlatencyError } from './contract/index.ts'

// The library types a command by its own flags; a table of them can only be of any.
type Command = CommandDef<any>

/** Commands are loaded when they are called, so that `--help` is quick. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  init: async () => (await import('./commands/init.ts')).default,
  run: async () => (await import('./commands/run.ts')).default,
  lag: async () => (await import('./commands/lag.ts')).default,
  serve: async () => (await import('./commands/serve.ts')).default,
  k6: async () => (await import('./commands/k6.ts')).default,
  k8s: async () => (await import('./commands/k8s.ts')).default,
  merge: async () => (await import('./commands/merge.ts')).default,
  report: async () => (await import('./commands/report.ts')).default,
  compare: async () => (await import('./commands/compare.ts')).default,
  export: async () => (await import('./commands/export.ts')).default,
  list: async () => (await import('./commands/list.ts')).default,
  doctor: async () => (await import('./commands/doctor.ts')).default,
  selftest: async () => (await import('./commands/selftest.ts')).default,
  clean: async () => (await import('./commands/clean.ts')).default,
}

const root = defineCommand({
  meta: {
    name: 'sqlatency',
    version: packageFacts.version,
    description: 'Where should SQL live? The same scenarios on every backend, measured.',
  },
  subCommands: commands,
})

/** One call of the command line. @returns the exit code */
export async function main(argv: readonly string[]): Promise<number> {
  const [name, ...rest] = argv
  const wantsHelp = argv.some((arg) => arg === '--help' || arg === '-h')
  try {
    if (name === '--version' || name === '-v') {
      process.stdout.write(`${packageFacts.version}\n`)
      return EXIT.ok
    }
    if (name === undefined || name.startsWith('-')) {
      if (name !== undefined && !wantsHelp) throw unknownName('flag', name, ['--help', '--version'])
      await showUsage(root)
      return name === undefined ? EXIT.usage : EXIT.ok
    }
    if (!Object.hasOwn(commands, name)) throw unknownName('command', name, Object.keys(commands))
    const command = await commands[name]!()
    if (wantsHelp) {
      await showUsage(command, root as Command)
      return EXIT.ok
    }
    await runCommand(command, { rawArgs: rest })
    return Number(process.exitCode ?? EXIT.ok)
  } catch (error) {
    return complain(error)
  }
}

function complain(error: unknown): number {
  if (error instanceof SqlatencyError) {
    process.stderr.write(`sqlatency: ${error.message} ${error.remedy}\n`)
    return error.exit
  }
  process.stderr.write(
    `sqlatency: unexpected: ${messageOf(error)}\n${error instanceof Error ? (error.stack ?? '') : ''}\n`,
  )
  process.stderr.write('This is a defect; please report it with the lines above.\n')
  return EXIT.internal
}
