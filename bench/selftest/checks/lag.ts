import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { bracketOf } from '../../analyze/lag.ts'
import { quantileName } from '../../../reports/format.ts'
import type { Bracket, LagEstimate } from '../../contract/index.ts'
import { measureLag } from '../../run/lag-cell.ts'
import type { Bench, Check } from '../check.ts'
import { ascending, plainQuantile } from '../reference.ts'
import type { Row } from '../row.ts'
import { between, exactly, worst } from '../row.ts'
import { CONFIG_PATH, synthetic } from '../synthetic/config.ts'
import type { ReplicaAddress } from '../synthetic/replica.ts'
import { openReplica, UNKNOWN } from '../synthetic/replica.ts'

/** A thousand markers in batches, so that an interruption is heard between them. */
const BATCHES = 10
const MARKERS = 100
/** Markers in a hundred whose bracket has to hold the truth. */
const COVERED = 0.995
const SEED = 11

interface Line {
  readonly marker: number
  readonly ackNs: number
  readonly lastMissStartNs: number | null
  readonly firstSightEndNs: number | null
}

/** A replica that shows each commit after a delay that is known: the delay lies in the bracket. */
export const lagCheck: Check = {
  id: 'lag',
  title: 'Replication lag with a known delay',
  async run(bench) {
    const seen: Batch[] = []
    for (let batch = 0; batch < (bench.quick ? 1 : BATCHES); batch += 1) {
      bench.signal.throwIfAborted()
      seen.push(await observe(bench, batch))
    }
    const total = (read: (batch: Batch) => number): number => seen.reduce((sum, batch) => sum + read(batch), 0)
    const known = total((batch) => batch.known)
    const covered = total((batch) => batch.covered)
    return [
      exactly(
        'markers written',
        seen.length * MARKERS,
        total(({ written }) => written),
      ),
      exactly(
        'markers never seen',
        0,
        total(({ neverSeen }) => neverSeen),
      ),
      between('markers whose bracket holds their delay', 'count', known, covered, [Math.ceil(known * COVERED), known]),
      ...worst(seen.flatMap(({ quantiles }) => quantiles)),
    ]
  },
}

interface Batch {
  readonly written: number
  readonly neverSeen: number
  readonly known: number
  readonly covered: number
  readonly quantiles: readonly Row[]
}

async function observe({ place }: Bench, batch: number): Promise<Batch> {
  // Markers count from 1, and the first one waits for the replica to catch up.
  const replica = openReplica(MARKERS + 2, SEED + batch)
  const samplesPath = join(place.directory, 'lag.ndjson')
  const task = {
    adapter: synthetic.id,
    backend: synthetic.id,
    configPath: CONFIG_PATH,
    address: { replica },
    seed: SEED + batch,
    markers: MARKERS,
    timeoutNs: 10e9,
    writesPerSecond: 0,
    probes: 0,
    readingNs: 10e6,
    samplesPath,
    samplesName: 'lag.ndjson',
  }
  const cell = await measureLag(synthetic as never, task, () => undefined)
  if (cell.outcome !== 'measured') throw new TypeError('lag was not measured')
  const lines = readFileSync(samplesPath, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line)
  const known = lines.filter(({ marker }) => replica.committedNs[marker] !== UNKNOWN)
  const delays = ascending(Float64Array.from(known, ({ marker }) => delayNs(replica, marker)))
  return {
    written: lines.length,
    neverSeen: cell.rightCensored,
    known: known.length,
    covered: known.filter((line) => holdsTruth(line, delayNs(replica, line.marker))).length,
    // The quantile of a truth that is not known for every marker could lie elsewhere.
    quantiles: known.length === lines.length ? quantileRows(cell.commitToVisible, delays) : [],
  }
}

const delayNs = ({ committedNs, visibleNs }: ReplicaAddress, marker: number): number =>
  Number(visibleNs[marker]! - committedNs[marker]!)

/** From what is stored, by the same rule as the cell. */
function holdsTruth({ ackNs, lastMissStartNs, firstSightEndNs }: Line, truthNs: number): boolean {
  const found = bracketOf({
    writeStartNs: 0,
    writeAckNs: ackNs,
    lastMissStartNs: lastMissStartNs === null ? null : Math.max(0, lastMissStartNs),
    firstSightEndNs,
  })
  if (found === null) return false
  return truthNs >= found.commitToVisible.lowerNs && truthNs <= found.commitToVisible.upperNs
}

/** The quantile of the delays lies between the bounds that are reported with it. */
function quantileRows({ p50, p95 }: LagEstimate, delays: Float64Array): Row[] {
  const row = (p: number, { lowerNs, pointNs, upperNs }: Bracket): Row => {
    const truth = plainQuantile(delays, p)
    return between(`${quantileName(p)}, whose bounds hold the truth`, 'ns', truth, pointNs, [
      truth - (upperNs - pointNs),
      truth + (pointNs - lowerNs),
    ])
  }
  return [...(p50 === null ? [] : [row(0.5, p50)]), ...(p95 === null ? [] : [row(0.95, p95)])]
}
