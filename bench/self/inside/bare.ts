import Database from 'better-sqlite3'
import { quantiles } from '../../analyze/quantiles.ts'
import type { Question } from '../../contract/index.ts'
import { now } from '../../measure/clock.ts'
import type { Loop, LoopInput } from '../recorder.ts'
import { MASK, MEMORY, questionsOf, setUpCalls, TEXT } from '../select.ts'

/**
 * Operations between two readings, where a median is wanted. The reading then costs 3 ns an operation. In a longer chunk
 * most chunks would hold one of the slow operations that a median leaves out, and theirs would be a mean.
 */
const CHUNK = 10

/**
 * The driver in a `for` loop, and nothing else. Wall time is that between two readings around the whole.
 * The median is that of the means of chunks, taken in a second pass: single operations cannot be told apart
 * without the readings whose cost is in question.
 */
export function bareLoop({ repetition, operations, warmUpNs }: LoopInput): Loop {
  const database = new Database(MEMORY)
  for (const [text, args] of setUpCalls()) database.prepare(text).run(args)
  const statement = database.prepare(TEXT)
  const questions = questionsOf(repetition)

  const warmUntil = now() + BigInt(warmUpNs)
  while (now() < warmUntil) {
    select(statement, questions, 0, 1000)
    chunked(statement, questions, 1000)
  }
  globalThis.gc?.()

  const start = now()
  select(statement, questions, 0, operations)
  const wallNs = Number(now() - start)
  const [p50Ns] = quantiles([chunked(statement, questions, operations)], [0.5]) as [number]
  database.close()
  return { wallNs: wallNs / operations, measuredNs: wallNs / operations, p50Ns }
}

function select(statement: Database.Statement, questions: readonly Question[], from: number, count: number): void {
  for (let n = from; n < from + count; n += 1) statement.all(questions[n & MASK]!)
}

/** Nanoseconds of an operation, by chunk. */
function chunked(statement: Database.Statement, questions: readonly Question[], operations: number): Float64Array {
  const means = new Float64Array(Math.floor(operations / CHUNK))
  let last = now()
  for (let chunk = 0; chunk < means.length; chunk += 1) {
    select(statement, questions, chunk * CHUNK, CHUNK)
    const reading = now()
    means[chunk] = Number(reading - last) / CHUNK
    last = reading
  }
  return means
}
