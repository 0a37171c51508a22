import { median } from '../analyze/quantiles.ts'
import { hodgesLehmannLog } from '../analyze/intervals.ts'
import { count, duration } from '../../reports/format.ts'
import type { Budget } from './budget.ts'
import type { Finding, Paired, Section } from './finding.ts'
import { atMost, more, summary } from './finding.ts'
import { inFreshProcess, interleaved } from './fresh.ts'

/** What our loop and the bare one are asked for. */
export interface LoopInput {
  readonly repetition: number
  readonly operations: number
  readonly warmUpNs: number
}

/** Peers are given a time and not a count. */
export interface PeerInput {
  readonly operation: 'select' | 'empty'
  readonly repetition: number
  readonly warmUpNs: number
  readonly peerNs: number
}

/** Nanoseconds of one operation. */
export interface Loop {
  /** All of the loop's time over the count. */
  readonly wallNs: number
  /** The part of it in which a clock ran. In the pauses between, our loop puts durations away. */
  readonly measuredNs: number
  readonly p50Ns: number
}

const SLOWDOWN = 1.06
const P50_ABOVE = 1.04

/** What it costs to time every operation of a short SELECT, and how far the recorded median is from that of a bare loop. */
export async function recorder(budget: Budget): Promise<Section> {
  const { repetitions, selects: operations, warmUpNs } = budget
  const bare: Loop[] = []
  const ours: Loop[] = []
  const peers = { tinybench: [] as number[], mitata: [] as number[] }
  await interleaved(['bare', 'ours', 'tinybench', 'mitata'] as const, repetitions, async (loop, repetition) => {
    if (loop === 'bare') bare.push(await inFreshProcess('bare', { operations, repetition, warmUpNs }))
    else if (loop === 'ours') ours.push(await inFreshProcess('ours', { operations, repetition, warmUpNs }))
    else {
      const peerNs = operations * 1000
      peers[loop].push((await inFreshProcess(loop, { operation: 'select', repetition, warmUpNs, peerNs })).p50Ns)
    }
  })

  const wall = paired(ours, bare, ({ wallNs }) => wallNs)
  const measured = paired(ours, bare, ({ measuredNs }) => measuredNs)
  const p50 = paired(ours, bare, ({ p50Ns }) => p50Ns)
  const against = (values: readonly number[]): Paired => summary(values.map((value, n) => value / bare[n]!.p50Ns))
  const [tinybench, mitata] = [against(peers.tinybench), against(peers.mitata)]
  const bare50 = bare.map(({ p50Ns }) => p50Ns)
  const ours50 = ours.map(({ p50Ns }) => p50Ns)
  return {
    title: `Recorder: better-sqlite3 in memory, SELECT by primary key; ${repetitions} fresh processes each, interleaved; median and quartiles of the paired ratios`,
    findings: [
      { what: 'bare loop, an operation', figure: duration(median(bare.map(({ wallNs }) => wallNs))) },
      {
        what: '  its median',
        figure: duration(median(bare50)),
        range: `${duration(Math.min(...bare50))} to ${duration(Math.max(...bare50))}`,
      },
      atMost(wall.ratio, SLOWDOWN, more, {
        what: `our loop, wall time of ${count(operations)} operations`,
        range: wall.range,
      }),
      { what: '  of it, while a clock runs', figure: more(measured.ratio), range: measured.range },
      atMost(p50.ratio, P50_ABOVE, more, { what: 'our p50 over the bare median', range: p50.range }),
      { what: '  p50 of tinybench', figure: more(tinybench.ratio), range: tinybench.range },
      { what: '  p50 of mitata, an operation at a time', figure: more(mitata.ratio), range: mitata.range },
      nearer('tinybench', p50.ratio, tinybench.ratio, ours50, peers.tinybench),
      nearer('mitata', p50.ratio, mitata.ratio, ours50, peers.mitata),
    ],
  }
}

/**
 * Whose p50 is nearer to the bare median? A tie where the 95 % interval of the paired ratio of the two holds 1:
 * then the same machine could as well have said the opposite.
 */
function nearer(
  peer: string,
  ratio: number,
  peerRatio: number,
  ours: readonly number[],
  theirs: readonly number[],
): Finding {
  const { estimate, low, high } = hodgesLehmannLog(ours.map((value, n) => value / theirs[n]!))
  const told = low !== null && high !== null && (low > 1 || high < 1)
  const isNearer = Math.abs(Math.log(ratio)) < Math.abs(Math.log(peerRatio))
  return {
    what: `our p50 over that of ${peer}`,
    figure: more(estimate),
    range: low === null || high === null ? 'no interval' : `CI95 ${more(low)} to ${more(high)}`,
    target: 'nearer to the bare median',
    verdict: !told ? 'tie' : isNearer ? 'pass' : 'MISS',
  }
}

const paired = (ours: readonly Loop[], bare: readonly Loop[], read: (loop: Loop) => number): Paired =>
  summary(ours.map((loop, n) => read(loop) / read(bare[n]!)))
