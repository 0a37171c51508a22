import { join } from 'node:path'
import { count, duration, rate } from '../../reports/format.ts'
import insert from '../../scenarios/insert.ts'
import pointRead from '../../scenarios/point-read.ts'
import { median } from '../analyze/quantiles.ts'
import { plans } from '../plans/index.ts'
import { run } from '../run/run.ts'
import { backendSpec } from './backends.ts'
import type { Budget } from './budget.ts'
import type { Finding, Section } from './finding.ts'
import { atLeast, atMost, times } from './finding.ts'
import { inFreshProcess, interleaved, signal } from './fresh.ts'
import { OWN_RUN } from './own-run.ts'

const OVER_ENTROPY = 1.25
const PER_SECOND = 50e6
/** A round of fewer takes about a tenth of a millisecond whatever it holds, so a rate says nothing. */
const MANY = 10_000
/** A round of fewer takes less than half a kilobyte, of which ten bytes of header are a share; so no verdict. */
const FEW = 100

const BACKENDS = ['better-sqlite3', 'turso-replica', 'postgres-local', 'd1-worker']
const SCENARIOS = [pointRead, insert]

/** Files with the samples of real rounds by cell, from SELECTs of microseconds to writes of milliseconds. */
export async function realRounds(output: string): Promise<Record<string, string[]>> {
  signal.throwIfAborted()
  const { cells, id } = await run(
    {
      plan: { ...plans['default']!.plan, rounds: 3, scale: 0.1, lagMarkers: 0 },
      ...OWN_RUN,
      backends: await Promise.all(BACKENDS.map(backendSpec)),
      scenarios: SCENARIOS,
      output,
    },
    () => undefined,
  )
  return Object.fromEntries(
    cells
      .filter((cell) => cell.outcome === 'measured')
      .map((cell) => [`${cell.backend} ${cell.scenario}`, cell.rounds.map(({ samples }) => join(output, id, samples))]),
  )
}

/** What it costs to keep every sample: beside the entropy of the samples, and beside Parquet. */
export async function storage(budget: Budget, samples: Readonly<Record<string, readonly string[]>>): Promise<Section> {
  const cells = Object.keys(samples)
  const seen = await interleaved(cells, budget.storageRepetitions, (cell) =>
    inFreshProcess('storage', { paths: samples[cell]! }),
  )
  const findings: Finding[] = []
  for (const cell of cells) {
    const [{ samples: total, fewestSamples, bytesPerSample, entropyBytesPerSample }] = seen[cell] as [Storage]
    const written = await inFreshProcess('parquet', { paths: samples[cell]! })
    const best = (slow: boolean) =>
      written.filter((file) => file.slow === slow).toSorted((a, b) => a.bytesPerSample - b.bytesPerSample)[0]!
    const [usual, slowest] = [best(false), best(true)]
    const [encoded, decoded] = (['encodedPerSecond', 'decodedPerSecond'] as const).map((which) =>
      median(seen[cell]!.map((one) => one[which])),
    ) as [number, number]
    const overEntropy = {
      what: `${cell}, ${count(total)} samples, over their entropy`,
      range: `${bytesOf(bytesPerSample)} over ${bytesOf(entropyBytesPerSample)}`,
    }
    findings.push(
      fewestSamples < FEW
        ? { ...overEntropy, figure: times(bytesPerSample / entropyBytesPerSample) }
        : atMost(bytesPerSample / entropyBytesPerSample, OVER_ENTROPY, times, overEntropy),
      atMost(bytesPerSample / usual.bytesPerSample, 1, times, {
        what: '  over the best Parquet file',
        range: `${bytesOf(usual.bytesPerSample)}, ${rate(usual.encodedPerSecond)}: ${usual.writer}`,
      }),
      {
        what: '  over the best of the slowest level of zstd',
        figure: times(bytesPerSample / slowest.bytesPerSample),
        range: `${bytesOf(slowest.bytesPerSample)}, ${rate(slowest.encodedPerSecond)}: ${slowest.writer}`,
      },
      ...speed('encoded', encoded, total, fewestSamples),
      ...speed('decoded', decoded, total, fewestSamples),
    )
  }
  return {
    title: `Storage: bytes a sample, samples a second, of three real rounds each; ${budget.storageRepetitions} fresh processes each, interleaved; medians of processor time`,
    findings,
  }
}

type Storage = Awaited<ReturnType<typeof inFreshProcess<'storage'>>>

function speed(what: string, perSecond: number, total: number, fewest: number): Finding[] {
  if (fewest >= MANY) return [atLeast(perSecond, PER_SECOND, rate, { what: `  ${what}` })]
  return [{ what: `  ${what}, a round`, figure: duration((total / 3 / perSecond) * 1e9), range: rate(perSecond) }]
}

const bytesOf = (value: number): string => `${value.toFixed(2)} B`
