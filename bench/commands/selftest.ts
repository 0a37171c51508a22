import { defineCommand } from 'citty'
import { checks } from '../selftest/checks/index.ts'
import { selftest } from '../selftest/selftest.ts'
import { EXIT } from '../contract/index.ts'
import { interruptible } from './common.ts'
import { checkFlags, list, unknownName, wholeNumber } from './flags.ts'
import { closing, heading, table } from './selftest-table.ts'

const args = {
  quick: { type: 'boolean', description: 'Fewer operations; under half a minute' },
  exact: { type: 'boolean', description: 'Only what holds on any machine, however busy it is' },
  stress: { type: 'string', default: '0', description: 'Keeps so many processors busy meanwhile', valueHint: 'n' },
  only: { type: 'string', description: 'Only these checks', valueHint: 'a,b' },
  json: { type: 'boolean', description: 'As JSON on stdout' },
} as const

/** Is the instrument right? Everything it says is held against backends that write down what they really did. */
export default defineCommand({
  meta: { name: 'selftest', description: 'Hold the instrument against backends of known latency, lag and distance' },
  args,
  async run({ args: flags, rawArgs }) {
    checkFlags(rawArgs, args)
    const ids = checks.map(({ id }) => id)
    const only = list(flags.only) ?? ids
    for (const id of only) if (!ids.includes(id)) throw unknownName('check', id, ids)
    const interrupt = interruptible()
    try {
      const done = await selftest(
        {
          checks: checks.filter(({ id }) => only.includes(id)),
          quick: flags.quick === true,
          exact: flags.exact === true,
          stress: wholeNumber('--stress', flags.stress, 0),
          signal: interrupt.signal,
        },
        (checked) => process.stderr.write(`${heading(checked)}\n`),
      )
      process.stdout.write(
        flags.json === true ? `${JSON.stringify(done, null, 1)}\n` : `${table(done)}\n${closing(done)}\n`,
      )
      process.exitCode = done.some(({ rows }) => rows.some(({ verdict }) => verdict === 'fail'))
        ? EXIT.invalid
        : EXIT.ok
    } catch (error) {
      if (!interrupt.signal.aborted) throw error
      process.exitCode = EXIT.interrupted
    } finally {
      interrupt.done()
    }
  },
})
