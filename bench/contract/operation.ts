import type { AsyncSession, SyncSession } from './adapter.ts'
import type { Ask, Asks, Batch, Flow, Question, Scenario, Work } from './scenario.ts'
import type { Call, Dialect, Rows, Value } from './sql.ts'
import { textFor } from './sql.ts'

/** One operation of a scenario against a session: question in, rows out. */
export type SyncOperation = (question: Question) => Rows
export type AsyncOperation = (question: Question) => Promise<Rows>

const NO_ROWS: Rows = []

/**
 * Compiles a work to a function that holds no `await`.
 * A single statement is the driver's own prepared function: nothing stands between it and the clock.
 */
export function compileSync(work: Work, session: SyncSession, dialect: Dialect): SyncOperation {
  switch (work.shape) {
    case 'single':
      return session.prepare(textFor(work.statement, dialect)) as SyncOperation
    case 'batch': {
      const texts = batchTexts(work, dialect)
      return (question) => {
        session.batch(batchCalls(texts, question))
        return NO_ROWS
      }
    }
    case 'flow': {
      const queries = prepareAll(work, dialect, (text) => session.prepare(text))
      const asks = flowAsks(work)
      return (question) => {
        const steps = work.body(asks, question as readonly Value[])
        let step = steps.next()
        while (step.done !== true) step = steps.next(queries[step.value.statement]!(step.value.args))
        return step.value
      }
    }
    case 'mix': {
      const operations = work.parts.map((part) => compileSync(part.work, session, dialect))
      return (question) => operations[question[0] as number]!(question[1] as Question)
    }
  }
}

/** The same for sessions whose calls return promises. */
export function compileAsync(work: Work, session: AsyncSession, dialect: Dialect): AsyncOperation {
  switch (work.shape) {
    case 'single':
      return session.prepare(textFor(work.statement, dialect)) as AsyncOperation
    case 'batch': {
      const texts = batchTexts(work, dialect)
      return async (question) => {
        await session.batch(batchCalls(texts, question))
        return NO_ROWS
      }
    }
    case 'flow': {
      const queries = prepareAll(work, dialect, (text) => session.prepare(text))
      const asks = flowAsks(work)
      return async (question) => {
        const steps = work.body(asks, question as readonly Value[])
        let step = steps.next()
        while (step.done !== true) step = steps.next(await queries[step.value.statement]!(step.value.args))
        return step.value
      }
    }
    case 'mix': {
      const operations = work.parts.map((part) => compileAsync(part.work, session, dialect))
      return (question) => operations[question[0] as number]!(question[1] as Question)
    }
  }
}

/** A scenario on an async session: run beside the database where the session can, else driven from here. */
export function compileScenario(scenario: Scenario, session: AsyncSession, dialect: Dialect): AsyncOperation {
  return session.operation?.(scenario.id) ?? compileAsync(scenario.work, session, dialect)
}

const batchTexts = (work: Batch, dialect: Dialect): string[] =>
  work.statements.map((statement) => textFor(statement, dialect))

/** One array a batch: sharing one between operations would mix them up when several callers are at work. */
const batchCalls = (texts: readonly string[], question: Question): Call[] =>
  texts.map((text, n) => [text, question[n] as readonly Value[]])

function prepareAll<Query>(work: Flow, dialect: Dialect, prepare: (text: string) => Query): Record<string, Query> {
  return Object.fromEntries(
    Object.entries(work.statements).map(([name, statement]) => [name, prepare(textFor(statement, dialect))]),
  )
}

function flowAsks(work: Flow): Asks<string> {
  return Object.fromEntries(
    Object.keys(work.statements).map((statement) => [
      statement,
      (...args: readonly Value[]): Ask => ({ statement, args }),
    ]),
  )
}
