import Database from 'better-sqlite3'
import { measure } from 'mitata'
import { Bench } from 'tinybench'
import nothing from '../../../adapters/null.ts'
import type { SyncQuery, SyncSession } from '../../contract/index.ts'
import type { PeerInput } from '../recorder.ts'
import { MASK, MEMORY, questionsOf, setUpCalls, TEXT } from '../select.ts'

/** What a peer states as the median of one operation. */
export interface PeerLoop {
  readonly p50Ns: number
}

/** tinybench times every operation. `runSync` leaves out the `await` of its other mode. */
export async function tinybenchLoop(input: PeerInput): Promise<PeerLoop> {
  const bench = new Bench({ time: input.peerNs / 1e6, warmupTime: input.warmUpNs / 1e6, throws: true })
  bench.add('operation', await operationOf(input), { async: false })
  const [task] = bench.runSync()
  const result = task!.result
  if (result.state !== 'completed') throw new Error(`tinybench ended ${result.state}`)
  return { p50Ns: result.latency.p50 * 1e6 }
}

/** mitata times every operation once its batches are switched off: by default its figures are means of 4,096 short ones. */
export async function mitataLoop(input: PeerInput): Promise<PeerLoop> {
  const { p50 } = await measure(await operationOf(input), { batch_threshold: 0, min_cpu_time: input.peerNs })
  return { p50Ns: p50 }
}

/** Asks the same questions in the same order as the other loops. */
async function operationOf({ operation, repetition }: PeerInput): Promise<() => void> {
  const query = operation === 'select' ? select() : ((await nothing.connect(null)) as SyncSession).prepare('')
  const questions = questionsOf(repetition)
  let next = 0
  return () => {
    query(questions[next & MASK] as never)
    next += 1
  }
}

function select(): SyncQuery {
  const database = new Database(MEMORY)
  for (const [text, args] of setUpCalls()) database.prepare(text).run(args)
  const statement = database.prepare(TEXT)
  return (args) => statement.all(args) as never
}
