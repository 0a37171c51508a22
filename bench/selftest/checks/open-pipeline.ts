import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Load, Round } from '../../contract/index.ts'
import { seededRandom } from '../../contract/index.ts'
import { timetable } from '../../measure/arrivals.ts'
import { decodeSamples } from '../../measure/samples.ts'
import { quantileName } from '../../../reports/format.ts'
import type { Check } from '../check.ts'
import { ascending, plainQuantile } from '../reference.ts'
import type { Row } from '../row.ts'
import { agrees, exactly, failedOr } from '../row.ts'
import { known, ledgerSince } from '../synthetic/config.ts'
import type { KnownRun } from './known-run.ts'
import { knownRun, ROUNDS, SEED } from './known-run.ts'
import { replay } from './open-round.ts'

/** Half of what the backend can do, so that every operation is issued and some have to wait. */
const LOAD = { kind: 'open', ratePerSecond: 20_000, arrivals: 'poisson', concurrency: 1 } as const satisfies Load

/** The stamps of a whole run at a rate: what lies on the disk afterwards keeps to the timetable, and hides no wait. */
export const openPipelineCheck: Check = {
  id: 'open-pipeline',
  title: 'A whole run at a rate, in fresh processes',
  async run(bench) {
    const done = await knownRun(bench, LOAD, 300e6)
    const { cell } = done
    if (cell === null) return [exactly('cells measured', 1, 0)]
    const responses = cell.rounds.map((round) => responsesOf(done, round))
    const all = ascending(Float64Array.from(responses.flatMap(({ atLeastNs }) => [...atLeastNs])))
    const quantiles = (cell.estimates.response?.quantiles ?? []).flatMap(({ p, ns }) =>
      ns === null ? [] : [agrees(`${quantileName(p)} of response of the cell`, plainQuantile(all, p), ns)],
    )
    return [
      exactly('rounds', ROUNDS, cell.rounds.length),
      ...responses.flatMap(({ rows }) => rows),
      ...failedOr('percentiles of response that the cell states', quantiles),
    ]
  },
}

interface Responses {
  readonly rows: readonly Row[]
  /** Response times, and what those that were never issued had waited at the end. */
  readonly atLeastNs: Float64Array
}

function responsesOf({ directory, ledgers }: KnownRun, round: Round): Responses {
  const { open, repetition } = round
  const name = `round ${repetition + 1}`
  const ledger = ledgerSince(ledgers, round.startedAt)
  if (open === null || ledger === null)
    return { rows: [exactly(`${name}: recorded`, 1, 0)], atLeastNs: Float64Array.of() }
  const read = (file: string): Float64Array => decodeSamples(readFileSync(join(directory, file)))
  const [serviceNs, waitNs, gapNs] = [read(round.samples), read(open.waits), read(open.arrivals)]
  const durationNs = open.timetableNs
  const asked = timetable({ ...LOAD, durationNs }, seededRandom(SEED, 'arrivals', known.id, repetition))
  let at = 0
  const intended = gapNs.map((gap) => (at += gap))
  const truthNs = ledger.serviceNs(ledger.operations - serviceNs.length, serviceNs.length)
  const exact = replay(asked, truthNs)
  const responseNs = serviceNs.map((service, n) => service + waitNs[n]!)
  const none = (what: string, wrong: number): Row => exactly(`${name}: ${what}`, 0, wrong)
  return {
    atLeastNs: Float64Array.of(...responseNs, ...asked.subarray(serviceNs.length).map((ns) => open.endOfRunNs - ns)),
    rows: [
      exactly(`${name}: issued and unissued`, asked.length, serviceNs.length + open.unissued),
      none('intended times that are not the timetable', asked.filter((ns, n) => ns !== intended[n]).length),
      none('service times shorter than the backend took', truthNs.filter((ns, n) => !(serviceNs[n]! >= ns)).length),
      none('responses shorter than an exact replay', exact.filter((ns, n) => !(responseNs[n]! >= ns)).length),
    ],
  }
}
