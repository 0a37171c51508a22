import type { Draw, Question, RowCount, Table, Work } from '../contract/index.ts'
import { drawQuestion, seededRandom } from '../contract/index.ts'

export interface QuestionSource {
  /** Draws the next questions. The same seed gives the same questions in the same order, whatever the block sizes. */
  block(count: number): Question[]
  /** Whether any question so far used a fresh key, so that asking it twice would fail. */
  readonly once: boolean
}

/** Draws the questions of one round before the clock starts. Every backend gets the same ones in the same order. */
export function questionSource(work: Work, count: RowCount, seedParts: readonly (number | string)[]): QuestionSource {
  const random = seededRandom(...seedParts)
  const lastKeys = new Map<Table, number>()
  const draw: Draw = {
    ...random,
    count,
    key: (table) => 1 + random.integer(count(table)),
    fresh(table) {
      const key = (lastKeys.get(table) ?? count(table)) + 1
      lastKeys.set(table, key)
      return key
    },
  }
  return {
    block: (length) => Array.from({ length }, () => drawQuestion(work, draw)),
    get once() {
      return lastKeys.size > 0
    },
  }
}
