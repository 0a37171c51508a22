import type { Dataset, Table } from './dataset.ts'
import type { Random } from './random.ts'
import type { Dialect, Rows, Statement, Value } from './sql.ts'
import { textFor } from './sql.ts'

/** Draws the arguments of operations before the clock starts. */
export interface Draw extends Random {
  /** The key of a seeded row, uniform. */
  key(table: Table): number
  /** The next key that the table does not hold yet. A question that used one is asked once. */
  fresh(table: Table): number
  /** Rows of the table at the scale of this run. */
  count(table: Table): number
}

/** What is drawn ahead for one operation. Plain JSON, so that it can travel to a Worker. */
export type Question = readonly Value[] | readonly (readonly Value[])[] | readonly [choice: number, question: Question]

/** One statement. */
export interface Single {
  readonly shape: 'single'
  readonly statement: Statement
  draw(draw: Draw): readonly Value[]
}

/** Several statements in one transaction, sent together where the backend can. */
export interface Batch {
  readonly shape: 'batch'
  readonly statements: readonly Statement[]
  /** One tuple of arguments a statement. */
  draw(draw: Draw): readonly (readonly Value[])[]
}

/** One request from a flow: which of its statements, with which arguments. */
export interface Ask {
  readonly statement: string
  readonly args: readonly Value[]
}
export type Asks<Name extends string> = Readonly<Record<Name, (...args: readonly Value[]) => Ask>>
export type FlowBody = (ask: Asks<string>, args: readonly Value[]) => Generator<Ask, Rows, Rows>

/** Queries that depend on one another, written once as a generator and driven with or without `await`. */
export interface Flow {
  readonly shape: 'flow'
  readonly statements: Readonly<Record<string, Statement>>
  draw(draw: Draw): readonly Value[]
  readonly body: FlowBody
}

/** A weighted mixture; which one comes next is drawn ahead too. */
export interface Mix {
  readonly shape: 'mix'
  readonly parts: readonly { readonly weight: number; readonly work: Single | Batch | Flow }[]
}

export type Work = Single | Batch | Flow | Mix

export const single = (statement: Statement, draw: Single['draw'] = () => []): Single => ({
  shape: 'single',
  statement,
  draw,
})

export const batch = (statements: readonly Statement[], draw: Batch['draw']): Batch => ({
  shape: 'batch',
  statements,
  draw,
})

export const flow = <Name extends string>(
  statements: Readonly<Record<Name, Statement>>,
  draw: Flow['draw'],
  body: (ask: Asks<Name>, args: readonly Value[]) => Generator<Ask, Rows, Rows>,
): Flow => ({ shape: 'flow', statements, draw, body })

export const mix = (...parts: readonly (readonly [weight: number, work: Single | Batch | Flow])[]): Mix => ({
  shape: 'mix',
  parts: parts.map(([weight, work]) => ({ weight, work })),
})

export type ScenarioKind = 'read' | 'write' | 'mixed'

/**
 * Where the clock starts. `warm`: after a warm-up. `cold`: with the first operations of a fresh process that is connected.
 * `connect`: before connecting, for a single operation. Server and files are as the rounds before left them in any case.
 */
export type Start = 'warm' | 'cold' | 'connect'

export interface Scenario {
  readonly id: string
  readonly title: string
  /** Why anyone should care, in one sentence. */
  readonly why: string
  readonly dataset: Dataset
  readonly kind: ScenarioKind
  readonly work: Work
  /** Absent: `warm`. */
  readonly start?: Start
  /** Tables that operations add rows to. They are restored before every round. */
  readonly grows?: readonly Table[]
  /** Shows what the operations changed, so that backends can be compared after writes. Required unless kind is `read`. */
  readonly check?: Statement
}

const ID = /^[a-z0-9]+(-[a-z0-9]+)*$/

/** Checks what the types cannot, so that a mistake is found where it was made. */
export function defineScenario(scenario: Scenario): Scenario {
  if (!ID.test(scenario.id)) throw new TypeError(`scenario id "${scenario.id}" must be kebab-case`)
  if (scenario.kind !== 'read' && scenario.check === undefined) {
    throw new TypeError(`scenario ${scenario.id} writes, so it needs a check statement that shows what it wrote`)
  }
  if (scenario.kind !== 'read' && (scenario.start ?? 'warm') !== 'warm') {
    throw new TypeError(`scenario ${scenario.id} writes, and tidying up before it would warm a cold start up`)
  }
  for (const dialect of ['sqlite', 'postgres'] as const) scenarioTexts(scenario, dialect)
  return scenario
}

function workStatements(work: Work): readonly Statement[] {
  switch (work.shape) {
    case 'single':
      return [work.statement]
    case 'batch':
      return work.statements
    case 'flow':
      return Object.values(work.statements)
    case 'mix':
      return work.parts.flatMap((part) => workStatements(part.work))
  }
}

/** Every statement text of a work in a dialect, without repetition. */
export function workTexts(work: Work, dialect: Dialect): string[] {
  return [...new Set(workStatements(work).map((statement) => textFor(statement, dialect)))]
}

/** Every text that running and verifying a scenario sends. */
export function scenarioTexts(scenario: Scenario, dialect: Dialect): string[] {
  const check = scenario.check === undefined ? [] : [textFor(scenario.check, dialect)]
  return [...workTexts(scenario.work, dialect), ...check]
}

/** The texts of a scenario that are written out for each dialect, the one's by the other's. The rest differ in how parameters are written, if at all. */
export function translations({ work, check }: Scenario, from: Dialect, to: Dialect): Record<string, string> {
  return Object.fromEntries(
    [...workStatements(work), ...(check === undefined ? [] : [check])]
      .filter((statement) => typeof statement !== 'string')
      .map((statement) => [textFor(statement, from), textFor(statement, to)]),
  )
}

/** Draws one question for a work. */
export function drawQuestion(work: Work, draw: Draw): Question {
  if (work.shape !== 'mix') return work.draw(draw)
  const total = work.parts.reduce((sum, part) => sum + part.weight, 0)
  let left = draw.real() * total
  for (const [choice, part] of work.parts.entries()) {
    left -= part.weight
    if (left < 0) return [choice, part.work.draw(draw)]
  }
  const last = work.parts.length - 1
  return [last, work.parts[last]!.work.draw(draw)]
}
