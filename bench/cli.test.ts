import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { main } from './cli.ts'
import type { Finished } from './testing/cli.ts'
import { project, sqlatency as asUser } from './testing/cli.ts'

/** The command line without a process of its own: quick enough for every misspelling. */
async function sqlatency(argv: readonly string[]): Promise<Finished> {
  const written = { stdout: '', stderr: '' }
  const spies = (['stdout', 'stderr'] as const).map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation((text) => {
      written[name] += String(text)
      return true
    }),
  )
  // The library prints its help through the console, which the test runner has replaced.
  const log = vi.spyOn(console, 'log').mockImplementation((text: string) => {
    written.stdout += text
  })
  try {
    return { code: await main(argv), ...written }
  } finally {
    for (const spy of [...spies, log]) spy.mockRestore()
  }
}

const savedExitCode = process.exitCode
beforeEach(() => void (process.exitCode = 0))
afterEach(() => {
  process.exitCode = savedExitCode
  vi.unstubAllEnvs()
})

describe('what is misspelt is refused, with the nearest that exists', () => {
  test.each([
    [['rnu'], 'There is no command rnu. Did you mean run?'],
    [['run', '--bakend', 'null'], 'There is no flag --bakend. Did you mean --backend?'],
    [['run', '--backend', 'postgres-locl'], 'There is no backend postgres-locl. Did you mean postgres-local?'],
    [['run', '--scenario', 'point-raed'], 'There is no scenario point-raed. Did you mean point-read?'],
    [['run', '--plan', 'smoek'], 'There is no plan smoek. Did you mean smoke?'],
    [
      ['run', '--plan', 'durable', '--durability', 'relaxed'],
      'The plan durable is of that class, and relaxed is asked for.',
    ],
    [['run', '--rounds', '0'], '--rounds is "0"; write a whole number of at least 1.'],
    [['run', '--rounds'], '--rounds needs a value.'],
    [['run', '--duration', '3 weeks'], '--duration is "3 weeks"; write a duration such as 300ms or 2s.'],
    [['run', '--rate', '0'], '--rate is "0"; write a number above 0.'],
    [['run', '--rate', '5', '--sweep'], 'so --rate and --sweep exclude each other.'],
    [['run', '--rate', '5', '--arrivals', 'poison'], 'There is no kind of arrivals poison. Did you mean poisson?'],
    [['run', '--arrivals', 'constant'], 'Arrivals belong to an open loop, which --rate or --sweep asks for.'],
    [['run', '--concurrency', '0'], '--concurrency is "0"; write a whole number of at least 1.'],
    [['run', 'extra'], '"extra" is not expected here.'],
    [['run', '--config', 'nowhere.ts'], 'There is no file'],
    [['selftest', '--only', 'rnks'], 'There is no check rnks. Did you mean ranks?'],
    [['selftest', '--stress', 'much'], '--stress is "much"; write a whole number of at least 0.'],
    [['report', 'no-such-run'], 'There is no run "no-such-run" in results.'],
  ])('%s', async (args, message) => {
    const { code, stderr, stdout } = await sqlatency(args)
    expect(stderr).toContain(message)
    expect(stderr.trim().split('\n')).toHaveLength(1)
    expect(stdout).toBe('')
    expect(code).toBe(2)
  })

  test.each([
    ['export default { rouns: 3 }', 'There is no setting rouns. Did you mean rounds?'],
    ['export default { rounds: 0.5 }', 'rounds is wrong'],
    [
      "export default { backends: { x: { adapter: 'postgress' } } }",
      'There is no adapter postgress. Did you mean postgres?',
    ],
    [
      "export default { backends: { x: { adapter: 'postgres', options: { urll: 'x' } } } }",
      'There is no option of x urll. Did you mean url?',
    ],
    [
      "export default { backends: { x: { adaptr: 'postgres' } } }",
      'There is no setting of backends.x adaptr. Did you mean adapter?',
    ],
    ['export const nothing = 1', 'it has no default export'],
    ['export default {', 'could not be loaded'],
  ])('configuration: %s', async (config, message) => {
    const { code, stderr } = await sqlatency([
      'run',
      '--config',
      join(project({ 'sqlatency.config.ts': config }), 'sqlatency.config.ts'),
    ])
    expect(stderr).toContain(message)
    expect(code).toBe(2)
  })
})

describe('help', () => {
  test.each([[['--help']], [['run', '--help']], [['lag', '--help']], [['selftest', '--help']], [['clean', '-h']]])(
    '%s',
    async (args) => {
      const { code, stdout } = await sqlatency(args)
      expect(stdout).toContain('USAGE')
      expect(code).toBe(0)
    },
  )

  test('list shows what can be named', async () => {
    const { code, stdout } = await sqlatency(['list'])
    for (const name of ['default', 'smoke', 'postgres-remote', 'd1-worker', 'n-plus-one', 'read-mostly'])
      expect(stdout).toContain(name)
    expect(code).toBe(0)
  })

  test('--dry-run says what would be measured and measures nothing', async () => {
    vi.stubEnv('SQLATENCY_ROUNDS', '9')
    const { code, stdout } = await sqlatency(['run', '--plan', 'smoke', '--dry-run'])
    expect(stdout).toContain('plan smoke: 9 rounds')
    expect(stdout).toContain('scenarios (5)')
    expect(code).toBe(0)
  })

  test('flags go before the environment, and that before the file', async () => {
    const folder = project({ 'sqlatency.config.ts': 'export default { rounds: 3, scale: 2, seed: 5 }' })
    const { stdout } = await asUser(folder, ['run', '--dry-run', '--rounds', '7'], {
      SQLATENCY_ROUNDS: '9',
      SQLATENCY_SCALE: '4',
    })
    expect(stdout).toContain('7 rounds')
    expect(stdout).toContain('scale 4')
    expect(stdout).toContain('seed 5')
  })
})
