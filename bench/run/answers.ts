import type { Dialect, Question, RowCount, Scenario, Session } from '../contract/index.ts'
import { compileScenario, compileSync, textFor, workTexts } from '../contract/index.ts'
import { questionSource } from '../measure/draw.ts'
import { canonicalRows, digest } from './canonical.ts'
import { ask, restore } from './seed.ts'

/** Canonical answers of one backend to the sampled questions of one scenario, and what its writes left behind. */
export interface Answers {
  readonly scenario: string
  readonly lines: readonly string[]
}

export interface VerifyJob {
  readonly scenarios: readonly Scenario[]
  readonly dialect: Dialect
  readonly seed: number
  readonly samples: number
  readonly count: RowCount
}

/** Asks the sampled questions and writes down the answers. The same seed asks the same questions everywhere. */
export async function answersOf(session: Session, job: VerifyJob): Promise<Answers[]> {
  const answers: Answers[] = []
  for (const scenario of job.scenarios) {
    const run: (question: Question) => unknown =
      session.mode === 'sync'
        ? compileSync(scenario.work, session, job.dialect)
        : compileScenario(scenario, session, job.dialect)
    const questions = questionSource(scenario.work, job.count, [job.seed, 'verify', scenario.id]).block(job.samples)
    const lines: string[] = []
    for (const [n, question] of questions.entries()) {
      if (session.mode === 'async') await session.catchUp?.()
      const rows = (await run(question)) as readonly Record<string, unknown>[]
      lines.push(...canonicalRows(rows, isOrdered(scenario, job.dialect)).map((line) => `question ${n + 1}: ${line}`))
    }
    if (scenario.check !== undefined) {
      if (session.mode === 'async') await session.catchUp?.()
      const rows = await ask(session, textFor(scenario.check, job.dialect))
      lines.push(...canonicalRows(rows, true).map((line) => `afterwards: ${line}`))
    }
    await restore(session, scenario.grows ?? [], job.dialect, job.count)
    answers.push({ scenario: scenario.id, lines })
  }
  return answers
}

/** Flows put their rows in order themselves; a single statement promises an order only if it says so. */
function isOrdered(scenario: Scenario, dialect: Dialect): boolean {
  return (
    scenario.work.shape !== 'single' || workTexts(scenario.work, dialect).some((text) => /\border\s+by\b/i.test(text))
  )
}

export interface Difference {
  readonly scenario: string
  readonly backends: readonly [reference: string, other: string]
  readonly expected: string
  readonly found: string
}

/** The first difference of each backend from the first backend that answered. */
export function differences(answered: ReadonlyMap<string, readonly Answers[]>): Difference[] {
  const [first, ...others] = [...answered]
  if (first === undefined) return []
  const [reference, expected] = first
  return others.flatMap(([backend, found]) => {
    for (const { scenario, lines } of expected) {
      const other = found.find((one) => one.scenario === scenario)?.lines ?? []
      const length = Math.max(lines.length, other.length)
      for (let n = 0; n < length; n += 1) {
        if (lines[n] === other[n]) continue
        return [
          {
            scenario,
            backends: [reference, backend] as const,
            expected: lines[n] ?? '(no row)',
            found: other[n] ?? '(no row)',
          },
        ]
      }
    }
    return []
  })
}

export const answersDigest = (answers: Answers): string => digest(answers.lines)
