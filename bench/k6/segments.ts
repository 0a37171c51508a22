import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../adapters/servers/port.ts'
import { messageOf } from '../contract/index.ts'
import { firstError } from './log.ts'
import type { K6Job, K6Process } from './process.ts'
import { k6Failed, outputOf, runK6, startK6, withoutExceptions } from './process.ts'
import type { K6Stream } from './stream.ts'
import { united } from './stream.ts'

/** What several processes saw, as if it had been one. */
export interface K6Union extends K6Stream {
  /** Those that died, counted from 1, and why; what they saw is missing. */
  readonly lost: readonly { readonly segment: number; readonly why: string }[]
}

interface Segment {
  readonly number: number
  readonly job: K6Job
  /** k6's own REST API, on the loopback. */
  readonly api: string
  readonly process: K6Process
}

/** As k6 counts: everything is initialized, and it waits to be resumed. */
const PAUSED_BEFORE_RUN = 4
const POLL_MS = 20

/**
 * Runs a load in so many processes of k6, each with its execution segment: together they ask exactly what one would. They
 * initialize paused, and are resumed together.
 * @throws SqlatencyError K6_FAILED where one died before the start, all died, or an iteration threw
 */
export async function runSegments(job: K6Job, count: number): Promise<K6Union> {
  if (count === 1) return { ...(await runK6(job)), lost: [] }
  const segments = (await freePorts(count)).map((port, n) => startSegment(job, n, count, port))
  try {
    await Promise.all(segments.map((segment) => ready(segment, count)))
    await Promise.all(segments.map(resume))
  } catch (error) {
    for (const { process } of segments) process.kill()
    await Promise.all(segments.map(({ process }) => process.ended))
    job.signal.throwIfAborted()
    throw error
  }
  const ends = await Promise.all(segments.map(({ process }) => process.ended))
  job.signal.throwIfAborted()
  const outputs = await Promise.allSettled(segments.map((segment, n) => outputOf(segment.job, ends[n]!)))
  const lost = outputs.flatMap((output, n) =>
    output.status === 'rejected' ? [{ segment: n + 1, why: messageOf(output.reason) }] : [],
  )
  const streams = outputs.flatMap((output) => (output.status === 'fulfilled' ? [output.value] : []))
  if (streams.length === 0) throw k6Failed(`All ${count} segments died; the first: ${lost[0]!.why}`)
  return { ...withoutExceptions(united(streams), ends), lost }
}

function startSegment(job: K6Job, n: number, count: number, port: number): Segment {
  const own = { ...job, output: job.output.replace(/\.json\.gz$/, `.${n + 1}.json.gz`) }
  const sequence = Array.from({ length: count + 1 }, (_, bound) => share(bound, count)).join(',')
  const process = startK6(own, [
    '--paused',
    `--address=127.0.0.1:${port}`,
    `--execution-segment=${share(n, count)}:${share(n + 1, count)}`,
    `--execution-segment-sequence=${sequence}`,
    // They would be judged for each segment alone; the union is judged here.
    '--no-thresholds',
  ])
  return { number: n + 1, job: own, api: `http://127.0.0.1:${port}/v1/status`, process }
}

const share = (bound: number, count: number): string => (bound % count === 0 ? `${bound / count}` : `${bound}/${count}`)

/** Waits until it is initialized. What does not come up is ended by the time limit of its job. */
async function ready({ number, api, process }: Segment, count: number): Promise<void> {
  while ((await statusOf(api)) !== PAUSED_BEFORE_RUN) {
    const end = await Promise.race([process.ended, sleep(POLL_MS, null)])
    if (end === null) continue
    const how = typeof end.code === 'number' ? `exit code ${end.code}` : end.code
    throw k6Failed(`Segment ${number} of ${count} ended before the start with ${how}${firstError(end.said)}`)
  }
}

/** Null while nobody listens there. */
async function statusOf(api: string): Promise<number | null> {
  try {
    const response = await fetch(api)
    const { data } = (await response.json()) as { data: { attributes: { status: number } } }
    return data.attributes.status
  } catch {
    return null
  }
}

async function resume({ number, api }: Segment): Promise<void> {
  const body = JSON.stringify({ data: { type: 'status', id: 'default', attributes: { paused: false } } })
  const { ok } = await fetch(api, { method: 'PATCH', body }).catch((error: unknown) => {
    throw k6Failed(`Segment ${number} could not be started.`, error)
  })
  if (!ok) throw k6Failed(`Segment ${number} refused to start.`)
}

/** Different ones: each is given back before the next is asked for. */
async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>()
  while (ports.size < count) ports.add(await freePort())
  return [...ports]
}
