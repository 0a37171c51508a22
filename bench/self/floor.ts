import { duration } from '../../reports/format.ts'
import { median } from '../analyze/quantiles.ts'
import type { Section } from './finding.ts'
import { inFreshProcess, interleaved } from './fresh.ts'
import type { Floor } from './inside/floor.ts'

const PROCESSES = 5
const OPERATIONS = 1_000_000
const PEER = { operation: 'empty', warmUpNs: 50e6, peerNs: 50e6 } as const

/** What nothing costs. Disclosed with every run and subtracted from no figure. */
export async function floor(): Promise<Section> {
  const ours: Floor[] = []
  const peers = { tinybench: [] as number[], mitata: [] as number[] }
  await interleaved(['ours', 'tinybench', 'mitata'] as const, PROCESSES, async (loop, repetition) => {
    if (loop === 'ours') ours.push(await inFreshProcess('floor', { operations: OPERATIONS }))
    else peers[loop].push((await inFreshProcess(loop, { ...PEER, repetition })).p50Ns)
  })
  const p50Ns = median(ours.map(({ emptyP50Ns }) => emptyP50Ns))
  const [tinybench, mitata] = [median(peers.tinybench), median(peers.mitata)]
  return {
    title: `Floor: what nothing costs; median of ${PROCESSES} processes`,
    findings: [
      { what: 'a reading of the clock', figure: duration(median(ours.map(({ clockReadNs }) => clockReadNs))) },
      {
        what: 'an empty operation, p50',
        figure: duration(p50Ns),
        range: `p99.9 ${duration(median(ours.map(({ emptyP999Ns }) => emptyP999Ns)))}`,
        target: 'at most what peers say',
        verdict: p50Ns <= Math.min(tinybench, mitata) ? 'pass' : 'MISS',
      },
      { what: '  said by tinybench', figure: duration(tinybench) },
      { what: '  said by mitata', figure: duration(mitata) },
    ],
  }
}
