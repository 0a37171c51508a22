import { openTimes } from '../../analyze/open-loop.ts'
import { quantiles } from '../../analyze/quantiles.ts'
import type { Session } from '../../contract/index.ts'
import { quantileName } from '../../../reports/format.ts'
import type { Bench, Check } from '../check.ts'
import { ascending, plainQuantile } from '../reference.ts'
import type { Row } from '../row.ts'
import { between, exactly, near } from '../row.ts'
import { QUANTILE_ALLOWED } from './closed-loop.ts'
import type { OpenRound } from './open-round.ts'
import { openRound, replay } from './open-round.ts'

/** METHOD's truth test: a server that takes 1 ms and stalls once for 400 ms, asked 200 times a second for 6 s. */
const STALL = { ratePerSecond: 200, durationNs: 6e9, stallNs: 400_000_000n, at: 400 } as const
const QUICK_STALL = { ratePerSecond: 500, durationNs: 4e8, stallNs: 60_000_000n, at: 50 } as const
const SERVICE_NS = 1_000_000n
const RATE_ALLOWED = 0.005

/** A load at which the dispatcher has to be on time: METHOD, "Open loop". */
const BRISK = { ratePerSecond: 1000, arrivals: 'poisson', durationNs: 1e9 } as const
const BRISK_SERVICE_NS = 20_000n
const LATENESS_P50_NS = 5000
const LATENESS_P99_NS = 1e6

/** Arrivals keep to the timetable while the server stalls, and what they wait for it is in their response times. */
export const openLoopCheck: Check = {
  id: 'open-loop',
  title: 'Open loop against a server that stalls',
  async run(bench) {
    const rows: Row[] = []
    for (const mode of ['sync', 'async'] as const) {
      rows.push(...(await stalled(bench, mode, 'constant')), ...(await stalled(bench, mode, 'poisson')))
      if (bench.timed) rows.push(...(await punctual(bench, mode)))
    }
    return rows
  },
}

async function stalled(bench: Bench, mode: Session['mode'], arrivals: 'constant' | 'poisson'): Promise<Row[]> {
  bench.signal.throwIfAborted()
  const { stallNs, at, ...load } = bench.quick || arrivals === 'constant' ? QUICK_STALL : STALL
  const service = (operations: number): BigInt64Array =>
    new BigInt64Array(operations).fill(SERVICE_NS).fill(stallNs, at, at + 1)
  const round = await openRound(mode, { ...load, arrivals }, service)
  const name = `${mode}, ${arrivals}`
  const expected = (load.ratePerSecond * load.durationNs) / 1e9
  const offered = round.timetableNs.length / (load.durationNs / 1e9)
  return [
    between(`${name}: offered a second`, 'count', load.ratePerSecond, offered, [
      load.ratePerSecond * (1 - RATE_ALLOWED),
      load.ratePerSecond * (1 + RATE_ALLOWED),
    ]),
    exactly(`${name}: operations that arrived`, expected, round.ledger.operations),
    ...stamps(name, round),
    ...responses(bench, name, round),
  ]
}

/** Counts of what must not be. */
function stamps(name: string, { timetableNs, recording, ledger }: OpenRound): Row[] {
  const { intendedNs, startNs, endNs } = recording
  const serviceNs = ledger.serviceNs(0, ledger.operations)
  const none = (what: string, wrong: (n: number) => boolean): Row =>
    exactly(`${name}: ${what}`, 0, [...timetableNs.keys()].filter(wrong).length)
  return [
    none('intended times that are not the timetable', (n) => intendedNs[n] !== timetableNs[n]),
    none('operations not issued, or before their time', (n) => !(startNs[n]! >= timetableNs[n]!)),
    none('service times shorter than the server took', (n) => !(endNs[n]! - startNs[n]! >= serviceNs[n]!)),
  ]
}

/** Against the replay with the times that the server really took. A dispatcher can only add to it. */
function responses(bench: Bench, name: string, { timetableNs, recording, ledger }: OpenRound): Row[] {
  const truth = replay(timetableNs, ledger.serviceNs(0, ledger.operations))
  const { waitNs, serviceNs } = openTimes(recording)
  const responseNs = waitNs.map((wait, n) => wait + serviceNs[n]!)
  const short = truth.filter((ns, n) => !(responseNs[n]! >= ns)).length
  const ps = [0.95, 0.99]
  const measured = quantiles([responseNs], ps)
  const sorted = ascending(truth)
  return [
    exactly(`${name}: responses recorded`, truth.length, responseNs.length),
    exactly(`${name}: responses shorter than an exact replay`, 0, short),
    ...(bench.timed ? ps : []).map((p, n) => {
      const ns = plainQuantile(sorted, p)
      return near(`${name}: ${quantileName(p)} of response`, 'ns', ns, measured[n]!, ns * QUANTILE_ALLOWED)
    }),
  ]
}

async function punctual(bench: Bench, mode: Session['mode']): Promise<Row[]> {
  const plan = bench.quick ? { ...BRISK, durationNs: BRISK.durationNs / 5 } : BRISK
  const service = (operations: number): BigInt64Array => new BigInt64Array(operations).fill(BRISK_SERVICE_NS)
  // The first round warms up.
  await openRound(mode, { ...plan, durationNs: 2e8 }, service)
  const { recording } = await openRound(mode, plan, service)
  const [p50, p99] = quantiles([openTimes(recording).latenessNs], [0.5, 0.99]) as [number, number]
  return [
    near(`${mode}: lateness of the dispatcher at 1,000/s, p50`, 'ns', 0, p50, LATENESS_P50_NS),
    near(`${mode}: lateness of the dispatcher at 1,000/s, p99`, 'ns', 0, p99, LATENESS_P99_NS),
  ]
}
