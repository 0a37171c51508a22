import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Cell, MeasuredCell, Round, Run } from '../../contract/index.ts'
import { decodeSamples } from '../../measure/samples.ts'
import { plans } from '../../plans/index.ts'
import { run } from '../../run/run.ts'
import { quantileName } from '../../../reports/format.ts'
import type { Bench, Check } from '../check.ts'
import { ascending, plainQuantile } from '../reference.ts'
import type { Row } from '../row.ts'
import { between, exactly, worst } from '../row.ts'
import { CONFIG_PATH, known, ledgerSince, synthetic } from '../synthetic/config.ts'
import { outside } from './closed-loop.ts'

const ROUNDS = 2
const MAX_OPERATIONS = 100_000

/** A whole run, in processes of its own: what lies on the disk afterwards is what the backend did. */
export const pipelineCheck: Check = {
  id: 'pipeline',
  title: 'A whole run in fresh processes',
  async run(bench) {
    const output = join(bench.place.directory, 'results')
    const ledgers = join(bench.place.directory, 'ledgers')
    mkdirSync(ledgers)
    const done = await oneRun(bench, output, ledgers)
    const cell = done.cells.find(isMeasured)
    const status = exactly('cells measured', 1, done.cells.filter(isMeasured).length)
    if (cell === undefined) return [status]
    const samples = cell.rounds.map((round) => decodeSamples(readFileSync(join(output, done.id, round.samples))))
    return [
      status,
      exactly('rounds', ROUNDS, cell.rounds.length),
      ...cell.rounds.flatMap((round, n) => stored(round, samples[n]!, ledgers)),
      ...stated(cell, samples),
    ]
  },
}

const isMeasured = (cell: Cell): cell is MeasuredCell => cell.outcome === 'measured'

async function oneRun({ quick, signal }: Bench, output: string, ledgers: string): Promise<Run> {
  return await run(
    {
      plan: { ...plans['smoke']!.plan, name: 'selftest', rounds: ROUNDS, roundNs: quick ? 60e6 : 300e6, lagMarkers: 0 },
      seed: 3,
      backends: [
        {
          id: synthetic.id,
          title: synthetic.title,
          adapter: synthetic as never,
          options: { ...synthetic.defaults, ledgers, capacity: MAX_OPERATIONS },
        },
      ],
      scenarios: [known],
      scenarioModules: [],
      configPath: CONFIG_PATH,
      output,
      pin: true,
      version: '0',
      commit: null,
      resume: null,
      signal,
      roundTimeoutMs: 60_000,
    },
    () => undefined,
  )
}

/** Warming up comes before: the last operations of the session are those that were measured. */
function stored(round: Round, samples: Float64Array, ledgers: string): Row[] {
  const name = `round ${round.repetition + 1}`
  const ledger = ledgerSince(ledgers, round.startedAt)
  if (ledger === null) return [exactly(`${name}: ledgers of the backend`, 1, 0)]
  const from = ledger.operations - samples.length
  const { lowNs, highNs } = ledger.bounds(from, samples.length)
  return [
    exactly(`${name}: samples stored`, round.operations, samples.length),
    exactly(`${name}: samples outside their own bounds`, 0, outside(samples, lowNs, highNs)),
    exactly(`${name}: its p50`, plainQuantile(ascending(samples), 0.5), round.p50Ns, 'ns'),
  ]
}

/** What the cell states is what the stored samples say. */
function stated({ estimates }: MeasuredCell, samples: readonly Float64Array[]): Row[] {
  const all = ascending(Float64Array.from(samples.flatMap((part) => [...part])))
  const rows = estimates.quantiles.flatMap(({ p, ns }) =>
    ns === null ? [] : [exactly(`${quantileName(p)} of the cell`, plainQuantile(all, p), ns, 'ns')],
  )
  return [
    exactly('operations of the cell', all.length, estimates.operations),
    ...worst(rows),
    between('max of the cell', 'ns', all.at(-1)!, estimates.maxNs, [all.at(-1)!, all.at(-1)!]),
  ]
}
