import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { MeasuredCell, Round } from '../../contract/index.ts'
import { ONE_CALLER } from '../../contract/index.ts'
import { decodeSamples } from '../../measure/samples.ts'
import { quantileName } from '../../../reports/format.ts'
import type { Check } from '../check.ts'
import { ascending, plainQuantile } from '../reference.ts'
import type { Row } from '../row.ts'
import { agrees, exactly, failedOr } from '../row.ts'
import { ledgerSince } from '../synthetic/config.ts'
import { outside } from './closed-loop.ts'
import { knownRun, ROUNDS } from './known-run.ts'

/** A whole run, in processes of its own: what lies on the disk afterwards is what the backend did. */
export const pipelineCheck: Check = {
  id: 'pipeline',
  title: 'A whole run in fresh processes',
  async run(bench) {
    const { cell, directory, ledgers } = await knownRun(bench, ONE_CALLER, 300e6)
    if (cell === null) return [exactly('cells measured', 1, 0)]
    const samples = cell.rounds.map((round) => decodeSamples(readFileSync(join(directory, round.samples))))
    return [
      exactly('rounds', ROUNDS, cell.rounds.length),
      ...cell.rounds.flatMap((round, n) => stored(round, samples[n]!, ledgers)),
      ...stated(cell, samples),
    ]
  },
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
    agrees(`${name}: its p50`, plainQuantile(ascending(samples), 0.5), round.p50Ns),
  ]
}

/** What the cell states is what the stored samples say. */
function stated({ estimates }: MeasuredCell, samples: readonly Float64Array[]): Row[] {
  const all = ascending(Float64Array.from(samples.flatMap((part) => [...part])))
  const rows = estimates.quantiles.flatMap(({ p, ns }) =>
    ns === null ? [] : [agrees(`${quantileName(p)} of the cell`, plainQuantile(all, p), ns)],
  )
  return [
    exactly('operations of the cell', all.length, estimates.operations),
    ...failedOr('percentiles that the cell states', rows),
    exactly('max of the cell', all.at(-1)!, estimates.maxNs, 'ns'),
  ]
}
