import { boundedQuantiles } from '../../analyze/censored.ts'
import { isSaturated, openTimes, pace, unissuedBounds } from '../../analyze/open-loop.ts'
import type { Session } from '../../contract/index.ts'
import type { Check } from '../check.ts'
import { ascending, plainQuantile } from '../reference.ts'
import type { Row } from '../row.ts'
import { agrees, between, exactly } from '../row.ts'
import { openRound } from './open-round.ts'

/** Twice as many as can be served. */
const SERVICE_NS = 1_000_000n
const LOAD = { ratePerSecond: 2000, arrivals: 'poisson', durationNs: 3e8 } as const
/** Operations that may be under way at once, so that the others have to wait outside. */
const PLACES = 16

/** What could not be issued is in the record: counted, and slower than the rest of the round. */
export const overloadCheck: Check = {
  id: 'overload',
  title: 'Open loop against a server that cannot keep up',
  async run({ signal }) {
    const rows: Row[] = []
    for (const mode of ['sync', 'async'] as const) {
      signal.throwIfAborted()
      rows.push(...(await overloaded(mode)))
    }
    return rows
  },
}

async function overloaded(mode: Session['mode']): Promise<Row[]> {
  const service = (operations: number): BigInt64Array => new BigInt64Array(operations).fill(SERVICE_NS)
  const { timetableNs, recording, ledger } = await openRound(mode, LOAD, service, {
    endOfRunNs: LOAD.durationNs,
    concurrency: PLACES,
  })
  const offered = timetableNs.length
  const issued = recording.startNs.length
  const bounds = unissuedBounds(recording)
  const atLeast = timetableNs.subarray(issued).map((ns) => LOAD.durationNs - ns)
  const { waitNs, serviceNs } = openTimes(recording)
  const responseNs = waitNs.map((wait, n) => wait + serviceNs[n]!)
  const [p99] = boundedQuantiles([responseNs], [bounds], [0.99])
  const paced = pace(recording, LOAD.durationNs)
  const most = LOAD.durationNs / Number(SERVICE_NS) + (mode === 'sync' ? 1 : PLACES)
  const truth = plainQuantile(ascending(Float64Array.from([...responseNs, ...atLeast])), 0.99)
  return [
    exactly(`${mode}: operations that the server saw`, issued, ledger.operations),
    exactly(`${mode}: issued and unissued`, offered, responseNs.length + bounds.length),
    exactly(`${mode}: unissued`, offered - issued, paced.unissued),
    exactly(
      `${mode}: unissued whose bound is not the rest of the round`,
      0,
      atLeast.filter((ns, n) => ns !== bounds[n]).length,
    ),
    agrees(`${mode}: p99 of response, with the bounds in it`, truth, p99!.ns),
    exactly(`${mode}: p99 called a lower bound`, 1, Number(p99!.atLeast)),
    exactly(`${mode}: called saturated`, 1, Number(isSaturated(paced))),
    between(`${mode}: issued, of those that there was time for`, 'count', most, issued, [1, most]),
  ]
}
