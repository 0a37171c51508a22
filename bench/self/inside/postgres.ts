import type { Client } from 'pg'
import postgres from '../../../adapters/postgres.ts'
import { openClient } from '../../../adapters/postgres/client.ts'
import type { Address } from '../../../adapters/postgres/client.ts'
import { settle } from '../../../adapters/postgres/schema.ts'
import pointRead from '../../../scenarios/point-read.ts'
import { quantiles } from '../../analyze/quantiles.ts'
import type { AsyncSession, Question, Value } from '../../contract/index.ts'
import { compileScenario, rowCount, seededRandom, shuffled, textFor } from '../../contract/index.ts'
import { now, stampsToDurations } from '../../measure/clock.ts'
import { closedLoop } from '../../measure/closed-loop.ts'
import { questionSource } from '../../measure/draw.ts'
import { SEED } from '../budget.ts'
import { drawn } from '../select.ts'

export interface PostgresInput {
  /** Of the adapter: holds the password, so it comes over IPC. */
  readonly address: unknown
  readonly repetition: number
  readonly warmUpNs: number
  /** Of each loop, in all. */
  readonly durationNs: number
}

/** `ours`: adapter and closed loop. `promise`: `await client.query(...)`. `callback`: the same client's callback, awaited. */
const LOOPS = ['ours', 'promise', 'callback'] as const
export type PostgresLoop = (typeof LOOPS)[number]

const QUESTIONS = 16_384
/** The loops take turns, because how long a query over a socket takes changes more from second to second than between them. */
const TURNS = 10

/** The point-read back to back on one connection a loop. Returns medians of single operations, nanoseconds. */
export async function postgresLoops(input: PostgresInput): Promise<Record<PostgresLoop, number>> {
  const address = input.address as Address
  const questions = questionSource(pointRead.work, rowCount(1), [SEED, input.repetition]).block(QUESTIONS)
  const session = (await postgres.connect(address)) as AsyncSession
  const client = await openClient(address)
  await settle(client, 'durable')
  const operation = { mode: 'async', run: compileScenario(pointRead, session, postgres.dialect) } as const
  const loops: Record<PostgresLoop, (durationNs: number) => Promise<Float64Array>> = {
    ours: async (durationNs) =>
      (await closedLoop(operation, drawn(questions), { durationNs, maxOperations: QUESTIONS, minOperations: 1 }))
        .durationsNs,
    promise: (durationNs) => bare(promised(client), questions, durationNs),
    callback: (durationNs) => bare(calledBack(client), questions, durationNs),
  }

  for (const loop of LOOPS) await loops[loop](input.warmUpNs)
  globalThis.gc?.()
  const durationsNs: Record<PostgresLoop, Float64Array[]> = { ours: [], promise: [], callback: [] }
  for (let turn = 0; turn < TURNS; turn += 1) {
    for (const loop of shuffled(LOOPS, seededRandom(SEED, input.repetition, turn))) {
      durationsNs[loop].push(await loops[loop](input.durationNs / TURNS))
    }
  }
  await client.end()
  await session.close()
  const p50 = (loop: PostgresLoop): number => quantiles(durationsNs[loop], [0.5])[0]!
  return { ours: p50('ours'), promise: p50('promise'), callback: p50('callback') }
}

type Ask = (values: Value[]) => Promise<unknown>

if (pointRead.work.shape !== 'single') throw new TypeError('the point-read is one statement')
const query = { name: 'point_read', text: textFor(pointRead.work.statement, postgres.dialect) }

const promised =
  (client: Client): Ask =>
  async (values) =>
    (await client.query({ ...query, values })).rows

const calledBack =
  (client: Client): Ask =>
  (values) =>
    new Promise((resolve, reject) => {
      client.query({ ...query, values }, (error: Error | null, result) => {
        if (error === null) resolve(result.rows)
        else reject(error)
      })
    })

/**
 * What a program without the harness would write. It reads the clock after every query, because medians compare
 * with medians only; 30 ns are nothing in a query over a socket.
 */
async function bare(ask: Ask, questions: readonly Question[], durationNs: number): Promise<Float64Array> {
  const stamps = new BigInt64Array(QUESTIONS + 1)
  stamps[0] = now()
  const until = stamps[0] + BigInt(Math.round(durationNs))
  let done = 0
  while (done < QUESTIONS && stamps[done]! < until) {
    await ask(questions[done] as Value[])
    done += 1
    stamps[done] = now()
  }
  const durations = new Float64Array(done)
  stampsToDurations(stamps, done, durations, 0)
  return durations
}
