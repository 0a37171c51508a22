import { setTimeout as sleep } from 'node:timers/promises'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { lagFigures } from '../analyze/lag.ts'
import { median } from '../analyze/quantiles.ts'
import type { Adapter, LagCell, Replication, Stage } from '../contract/index.ts'
import { seededRandom, SqlatencyError } from '../contract/index.ts'
import type { Sighting } from '../measure/lag.ts'
import { writeMarker } from '../measure/lag.ts'
import { writeAtomically } from './files.ts'
import type { Observed } from './markers.ts'
import { markerLine, readMarker } from './markers.ts'

export interface LagTask {
  readonly adapter: string
  readonly backend: string
  readonly configPath: string | null
  readonly address: unknown
  readonly seed: number
  readonly markers: number
  readonly timeoutNs: number
  readonly samplesPath: string
  readonly samplesName: string
}

/** What the reader's thread is told, and what it answers. */
export interface ReaderOrder {
  readonly marker: number
  readonly gapNs: number
  readonly timeoutNs: number
}
export type ReaderAnswer =
  | { readonly kind: 'ready' }
  | { readonly kind: 'polling' }
  | { readonly kind: 'sighting'; readonly sighting: Sighting }
  | { readonly kind: 'failed'; readonly message: string }

/** Longest wait for the replica to take over what was seeded. */
const CATCH_UP_NS = 60e9
/** Pause between two markers, at most; random, so that markers meet interval-based replication at every phase. */
const LONGEST_PAUSE_MS = 25

/**
 * Replication lag by brackets (docs/method.md): one process holds both connections and one clock; the reader, which may
 * block, has a thread of its own and polls from before the write is sent.
 */
export async function measureLag(adapter: Adapter, task: LagTask, enter: (stage: Stage) => void): Promise<LagCell> {
  const replication = adapter.replication
  if (replication === undefined) throw new SqlatencyError('BACKEND_FAILED', `${adapter.id} has no replica to watch.`)
  enter('lag')
  const reader = await startReader(task)
  const writer = await replication.writer(task.address)
  try {
    const random = seededRandom(task.seed, 'lag')
    const gapNs = replication.expectedLagNs * 0.1
    const observe = async (marker: number, timeoutNs: number): Promise<Observed> => {
      const sighting = reader.watch({ marker, gapNs, timeoutNs })
      await reader.polling()
      const written = await writeMarker(writer, marker)
      return { written, sighting: await sighting }
    }
    const caughtUp = await observe(1, CATCH_UP_NS)
    if (caughtUp.sighting.firstSightEndNs === null) {
      throw new SqlatencyError('TOO_SLOW', `The replica did not catch up within ${CATCH_UP_NS / 1e9} s.`)
    }
    const observed: Observed[] = []
    for (let n = 0; n < task.markers; n += 1) {
      await sleep(random.real() * Math.max(LONGEST_PAUSE_MS, (replication.expectedLagNs * 2) / 1e6))
      observed.push(await observe(n + 2, task.timeoutNs))
    }
    writeAtomically(task.samplesPath, observed.map((one) => `${JSON.stringify(markerLine(one))}\n`).join(''))
    return summary(task, replication, observed)
  } finally {
    await writer.close()
    await reader.close()
  }
}

interface Reader {
  watch(order: ReaderOrder): Promise<Sighting>
  /** Settles when the first poll for the last order is about to start. */
  polling(): Promise<void>
  close(): Promise<void>
}

async function startReader(task: LagTask): Promise<Reader> {
  const file = fileURLToPath(new URL(`../lag-reader${extname(import.meta.url)}`, import.meta.url))
  const worker = new Worker(file, {
    workerData: { adapter: task.adapter, configPath: task.configPath, address: task.address, seed: task.seed },
  })
  const next = <Kind extends ReaderAnswer['kind']>(kind: Kind): Promise<Extract<ReaderAnswer, { kind: Kind }>> =>
    new Promise((resolve, reject) => {
      const settle = (finish: () => void): void => {
        worker.off('message', hear)
        worker.off('error', fail)
        finish()
      }
      const hear = (answer: ReaderAnswer): void => {
        if (answer.kind === kind) settle(() => resolve(answer as Extract<ReaderAnswer, { kind: Kind }>))
        else if (answer.kind === 'failed') settle(() => reject(new Error(answer.message)))
      }
      const fail = (error: unknown): void => settle(() => reject(error))
      worker.on('message', hear)
      worker.on('error', fail)
    })
  let polling = next('polling')
  polling.catch(() => undefined)
  await next('ready')
  return {
    async watch(order) {
      polling = next('polling')
      polling.catch(() => undefined)
      const sighting = next('sighting')
      worker.postMessage(order)
      return (await sighting).sighting
    },
    polling: async () => void (await polling),
    async close() {
      worker.postMessage(null)
      const ended = new Promise((resolve) => worker.once('exit', resolve))
      const timer = setTimeout(() => void worker.terminate(), 2000)
      await ended
      clearTimeout(timer)
    },
  }
}

function summary(task: LagTask, replication: Replication<unknown>, observed: readonly Observed[]): LagCell {
  const figures = lagFigures(observed.map((one) => readMarker(markerLine(one))))
  if (figures === null) throw new SqlatencyError('TOO_SLOW', 'No marker reached the replica in time.')
  const polls = observed.flatMap(({ sighting }) => sighting.pollNs)
  const pollTimeNs = polls.reduce((sum, ns) => sum + ns, 0)
  const compared = observed.filter(
    ({ written, sighting }) => written.position !== null && sighting.sightPosition !== null,
  )
  return {
    backend: task.backend,
    outcome: 'measured',
    mechanism: replication.mechanism,
    ...figures,
    pollP50Ns: median(polls),
    pollsPerSecond: (polls.length / pollTimeNs) * 1e9,
    position:
      replication.positionUnit === null || compared.length === 0
        ? null
        : {
            unit: replication.positionUnit,
            agreeing: compared.filter(({ written, sighting }) => sighting.sightPosition! >= written.position!).length,
            compared: compared.length,
            maxBehind: Math.max(
              0,
              ...observed.map(
                ({ written, sighting }) => (written.position ?? 0) - (sighting.lastMissPosition ?? Infinity),
              ),
            ),
          },
    samples: task.samplesName,
  }
}
