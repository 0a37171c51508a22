import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { defineCommand } from 'citty'
import { renderCompareMarkdown, renderCompareTerminal } from '../../reports/index.ts'
import { GATE_DEFAULTS } from '../analyze/gate.ts'
import type { ExitCode, Gate, GateRules } from '../contract/index.ts'
import { EXIT, SqlatencyError } from '../contract/index.ts'
import { compareSides, newCompareId } from '../run/compare.ts'
import { compareStored } from '../run/compare-stored.ts'
import { writeAtomically } from '../run/files.ts'
import { Workplace } from '../run/scope.ts'
import { choiceFlags, interruptible, Leftovers, loadFinished } from './common.ts'
import { prepareConfigs, prepareRefs } from './compare-sides.ts'
import { checkFlags, durationNs, fraction, positiveNumber, wholeNumber } from './flags.ts'
import { DEFAULT_OUTPUT } from './settings.ts'

const { config, backend, scenario, scale, seed, durability, output } = choiceFlags
const DEFAULT_ROUND = '50ms'

const args = {
  before: { type: 'positional', required: false, description: 'A stored run (id, folder or latest)' },
  after: { type: 'positional', required: false, description: 'The stored run that is compared with it' },
  base: { type: 'string', description: 'Git ref to compare with', valueHint: 'ref' },
  head: { type: 'string', description: 'Git ref that is judged (default: the working tree)', valueHint: 'ref' },
  'base-config': { type: 'string', description: 'Configuration to compare with', valueHint: 'file' },
  'head-config': { type: 'string', description: 'Configuration that is judged', valueHint: 'file' },
  build: {
    type: 'string',
    description: 'Command that builds a ref (default: npm ci, unless nothing about packages changed)',
    valueHint: 'command',
  },
  config,
  backend,
  scenario,
  duration: {
    type: 'string',
    description: `Time that a round measures (default: ${DEFAULT_ROUND})`,
    valueHint: '50ms',
  },
  scale,
  seed,
  durability,
  alpha: { type: 'string', description: 'Chance of a false alarm (default: 0.01)', valueHint: 'p' },
  threshold: { type: 'string', description: 'The least change that counts (default: 3%)', valueHint: 'percent' },
  'pairs-max': { type: 'string', description: 'Most pairs of rounds a cell (default: 40)', valueHint: 'n' },
  pin: {
    type: 'boolean',
    default: true,
    description: 'Pin client and servers to processors',
    negativeDescription: 'Do not pin',
  },
  markdown: { type: 'string', description: 'Write Markdown here, for a job summary or a comment', valueHint: 'file' },
  output,
  json: { type: 'boolean', description: 'The comparison as JSON on stdout; everything else on stderr' },
  quiet: { type: 'boolean', description: 'No progress' },
} as const

export default defineCommand({
  meta: { name: 'compare', description: 'Is it slower? Two git refs, two configurations, or two stored runs' },
  args,
  async run({ args: flags, rawArgs }) {
    checkFlags(rawArgs, args)
    const rules = rulesOf(flags)
    const form = formOf(flags)
    if (form === 'stored') {
      const [base, head] = [flags.before, flags.after].map((name) =>
        loadFinished(flags.output ?? DEFAULT_OUTPUT, name!),
      )
      show(compareStored(base!.run, head!.run, rules), flags, [])
      return
    }
    const interrupt = interruptible('keeping what was measured')
    const left = new Leftovers()
    const say = (line: string): void => void (flags.quiet === true || process.stderr.write(`${line}\n`))
    const id = newCompareId()
    const directory = resolve(flags.output ?? DEFAULT_OUTPUT, id)
    try {
      await using place = new Workplace(interrupt.signal)
      place.complain = left.add
      const sides =
        form === 'refs'
          ? await prepareRefs({ ...flags, base: flags.base! }, place.directory, interrupt.signal, say)
          : prepareConfigs(flags['base-config']!, flags['head-config']!)
      const gate = await compareSides({
        id,
        directory,
        ...sides,
        rules,
        signal: interrupt.signal,
        say,
        complain: left.add,
        choices: {
          backend: flags.backend,
          scenario: flags.scenario,
          durability: flags.durability,
          seed: flags.seed === undefined ? undefined : wholeNumber('--seed', flags.seed, 0),
          scale: flags.scale === undefined ? undefined : positiveNumber('--scale', flags.scale),
          roundNs: durationNs('--duration', flags.duration ?? DEFAULT_ROUND),
          pin: flags.pin,
          roundTimeoutMs: 60_000,
        },
      })
      if (gate === null) {
        process.exitCode = EXIT.interrupted
        return
      }
      writeAtomically(join(directory, 'compare.json'), `${JSON.stringify(gate, null, 1)}\n`)
      writeAtomically(join(directory, 'compare.md'), renderCompareMarkdown(gate))
      show(gate, flags, [join(directory, 'compare.json')])
    } catch (error) {
      if (!interrupt.signal.aborted) throw error
      process.exitCode = EXIT.interrupted
    } finally {
      interrupt.done()
      left.tell()
    }
  },
})

interface Flags {
  readonly before?: string | undefined
  readonly after?: string | undefined
  readonly base?: string | undefined
  readonly head?: string | undefined
  readonly 'base-config'?: string | undefined
  readonly 'head-config'?: string | undefined
  readonly alpha?: string | undefined
  readonly threshold?: string | undefined
  readonly 'pairs-max'?: string | undefined
  readonly markdown?: string | undefined
  readonly json?: boolean | undefined
}

function formOf(flags: Flags): 'stored' | 'refs' | 'configs' {
  const isStored = flags.before !== undefined
  const isRefs = flags.base !== undefined || flags.head !== undefined
  const isConfigs = flags['base-config'] !== undefined || flags['head-config'] !== undefined
  const forms = [isStored, isRefs, isConfigs].filter(Boolean).length
  if (forms > 1)
    throw new SqlatencyError('USAGE', 'Compare stored runs, git refs or configurations, one kind at a time.')
  if (isStored && flags.after !== undefined) return 'stored'
  if (flags.base !== undefined) return 'refs'
  if (flags['base-config'] !== undefined && flags['head-config'] !== undefined) return 'configs'
  throw new SqlatencyError(
    'USAGE',
    'Say what to compare: --base <ref> [--head <ref>], --base-config <file> --head-config <file>, or two stored runs.',
  )
}

function rulesOf(flags: Flags): GateRules {
  const pairsMax =
    flags['pairs-max'] === undefined ? GATE_DEFAULTS.pairsMax : wholeNumber('--pairs-max', flags['pairs-max'], 1)
  return {
    ...GATE_DEFAULTS,
    alpha: flags.alpha === undefined ? GATE_DEFAULTS.alpha : fraction('--alpha', flags.alpha),
    threshold: flags.threshold === undefined ? GATE_DEFAULTS.threshold : fraction('--threshold', flags.threshold),
    pairsFirst: Math.min(GATE_DEFAULTS.pairsFirst, pairsMax),
    pairsMax,
  }
}

function show(gate: Gate, flags: Flags, files: readonly string[]): void {
  if (flags.markdown !== undefined) writeFileSync(flags.markdown, renderCompareMarkdown(gate))
  const { stdout } = process
  if (flags.json === true) stdout.write(`${JSON.stringify(gate)}\n`)
  else {
    const color = stdout.isTTY && stdout.hasColors()
    stdout.write(renderCompareTerminal(gate, { width: stdout.columns ?? 120, color, files }))
  }
  process.exitCode = exitCodeOf(gate)
}

function exitCodeOf({ outcome }: Gate): ExitCode {
  switch (outcome) {
    case 'passed':
      return EXIT.ok
    case 'regression':
      return EXIT.regression
    case 'invalid':
      return EXIT.invalid
    case 'failed':
      return EXIT.backend
    case 'interrupted':
      return EXIT.interrupted
  }
}
