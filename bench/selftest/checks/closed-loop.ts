import nothing from '../../../adapters/null.ts'
import { QUANTILES, quantiles } from '../../analyze/quantiles.ts'
import type { Session } from '../../contract/index.ts'
import { compileAsync, compileSync, rowCount, single } from '../../contract/index.ts'
import type { Recording } from '../../measure/closed-loop.ts'
import { closedLoop } from '../../measure/closed-loop.ts'
import { questionSource } from '../../measure/draw.ts'
import { quantileName } from '../../../reports/format.ts'
import type { Bench, Check } from '../check.ts'
import { ascending, plainQuantile, REFERENCE_SLACK } from '../reference.ts'
import type { Row } from '../row.ts'
import { between, exactly, near, worst } from '../row.ts'
import { openSynthetic, TIMED } from '../synthetic/backend.ts'
import type { Ledger } from '../synthetic/ledger.ts'
import type { Shape } from '../synthetic/shapes.ts'
import { shaped, SHAPES, STALL_NS } from '../synthetic/shapes.ts'

/** Operations of a round: ten beyond p99.9. */
const OPERATIONS = 10_000
const QUICK_OPERATIONS = 1500
/** An answer that has to wait for the event loop takes longer, so fewer fit into the time. */
const ASYNC_SCALE = 5
const WARM_UP = 2000
const SEED = 7
/** METHOD: a quantile is off when it is off by more than this, plus the floor. */
export const QUANTILE_ALLOWED = 0.02

const work = single(TIMED)

/** Every latency lies between what the backend did and what the caller can have seen; every quantile is that of the truth. */
export const closedLoopCheck: Check = {
  id: 'closed-loop',
  title: 'Closed loop against a backend of known latency',
  async run(bench) {
    const floor = await floorNs()
    const rows: Row[] = []
    for (const mode of ['sync', 'async'] as const) {
      for (const shape of SHAPES) {
        bench.signal.throwIfAborted()
        rows.push(...(await hold(bench, mode, shape, floor)))
      }
    }
    return rows
  },
}

/**
 * Where a distribution is steep, a handful of operations that the time around them lifts move a percentile by more than that:
 * there it may be that of a neighbouring rank, as far away as a fifth of what lies beyond. That each operation is in its own
 * bounds is asked apart from this, and of all of them.
 */
const STEEP_FROM = 0.9
const STEEP = 0.2

async function hold(bench: Bench, mode: Session['mode'], shape: Shape, floor: Floor): Promise<Row[]> {
  const operations = (bench.quick ? QUICK_OPERATIONS : OPERATIONS) / (mode === 'sync' ? 1 : ASYNC_SCALE)
  const { recording, ledger, from } = await record(mode, shape, operations)
  const name = `${mode}, ${shape}`
  const { durationsNs } = recording
  const truth = ascending(ledger.serviceNs(from, operations))
  const { lowNs, highNs } = ledger.bounds(from, operations)
  const [lowest, highest] = [ascending(lowNs), ascending(highNs)]
  const measured = quantiles([durationsNs], [...QUANTILES, 1])
  const exact = [...QUANTILES, 1].map((p, n) =>
    between(`${name}: ${nameOf(p)} within its bounds`, 'ns', plainQuantile(truth, p), measured[n]!, [
      plainQuantile(lowest, p) * (1 - REFERENCE_SLACK),
      plainQuantile(highest, p) * (1 + REFERENCE_SLACK),
    ]),
  )
  const timed = QUANTILES.map((p, n) => {
    const around = p < STEEP_FROM ? 0 : STEEP * (1 - p)
    const [below, ns, above] = [p - around, p, p + around].map((at) => plainQuantile(truth, at)) as [
      number,
      number,
      number,
    ]
    const emptyNs = p < 0.99 ? floor.p50Ns : floor.p999Ns
    return {
      ...near(`${name}: ${nameOf(p)}`, 'ns', ns, measured[n]!, 0),
      low: below * (1 - QUANTILE_ALLOWED) - emptyNs,
      high: above * (1 + QUANTILE_ALLOWED) + emptyNs,
    }
  })
  return [
    exactly(`${name}: operations recorded`, operations, durationsNs.length),
    exactly(`${name}: operations outside their own bounds`, 0, outside(durationsNs, lowNs, highNs)),
    ...(shape === 'stalls' ? stalls(name, durationsNs, lowNs, highNs) : []),
    ...worst(exact),
    ...(bench.timed ? worst(timed) : []),
  ]
}

const nameOf = (p: number): string => (p === 1 ? 'max' : quantileName(p))

/** The real path of a round, from the compiled scenario to the durations. */
export async function record(
  mode: Session['mode'],
  shape: Shape,
  operations: number,
  scale = mode === 'sync' ? 1 : ASYNC_SCALE,
): Promise<{ recording: Recording; ledger: Ledger; from: number }> {
  const { session, ledger } = openSynthetic(mode, shaped(shape, WARM_UP + operations, SEED, scale))
  const operation =
    session.mode === 'sync'
      ? ({ mode: 'sync', run: compileSync(work, session, 'sqlite') } as const)
      : ({ mode: 'async', run: compileAsync(work, session, 'sqlite') } as const)
  const source = questionSource(work, rowCount(1), [SEED])
  const loop = (maxOperations: number): Promise<Recording> =>
    closedLoop(operation, source, { durationNs: Number.MAX_SAFE_INTEGER, maxOperations, minOperations: 1 })
  await loop(mode === 'sync' ? WARM_UP : WARM_UP / ASYNC_SCALE)
  const from = ledger.operations
  const recording = await loop(operations)
  await session.close()
  return { recording, ledger, from }
}

/** How many latencies are impossible, compared one by one: also that they are in time order. */
export function outside(measured: Float64Array, lowNs: Float64Array, highNs: Float64Array): number {
  let count = 0
  for (const [n, ns] of measured.entries()) if (!(ns >= lowNs[n]! && ns <= highNs[n]!)) count += 1
  return count
}

/** A stall shows at the operation where it happened, with all of its time. */
function stalls(name: string, measured: Float64Array, lowNs: Float64Array, highNs: Float64Array): Row[] {
  const places = [...measured.keys()].filter((n) => lowNs[n]! >= STALL_NS)
  const seen = places.filter((n) => measured[n]! >= lowNs[n]! && measured[n]! <= highNs[n]!)
  const [first = 0] = places
  return [
    exactly(`${name}: stalls seen where they happened`, places.length, seen.length),
    between(`${name}: the first of them, operation ${first}`, 'ns', lowNs[first]!, measured[first]!, [
      lowNs[first]!,
      highNs[first]!,
    ]),
  ]
}

interface Floor {
  readonly p50Ns: number
  readonly p999Ns: number
}

/** What nothing takes on the same path in this process. */
async function floorNs(): Promise<Floor> {
  const session = await nothing.connect(null)
  if (session.mode !== 'sync') throw new TypeError('the null backend is sync')
  const operation = { mode: 'sync', run: compileSync(work, session, 'sqlite') } as const
  const { durationsNs } = await closedLoop(operation, questionSource(work, rowCount(1), [SEED]), {
    durationNs: Number.MAX_SAFE_INTEGER,
    maxOperations: 100_000,
    minOperations: 1,
  })
  const [p50Ns, p999Ns] = quantiles([durationsNs], [0.5, 0.999]) as [number, number]
  return { p50Ns, p999Ns }
}
