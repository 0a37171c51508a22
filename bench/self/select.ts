import type { Call, Question } from '../contract/index.ts'
import { ddl, defineTable, rowCount, seedCalls, single } from '../contract/index.ts'
import { questionSource } from '../measure/draw.ts'
import type { QuestionSource } from '../measure/draw.ts'
import { SEED } from './budget.ts'

/** Small and in memory, so that the operation is short and what a recorder adds to it is large. */
const item = defineTable({
  name: 'item',
  columns: { id: 'key', name: 'text' },
  rows: 10_000,
  row: (key, random) => [key, random.words(3)],
})

export const MEMORY = ':memory:'
export const work = single('SELECT id, name FROM item WHERE id = $1', (draw) => [draw.key(item)])
/** The same in SQLite's own words, for loops that do without the harness. */
export const TEXT = 'SELECT id, name FROM item WHERE id = ?'

/** Creates and fills the table. */
export const setUpCalls = (): Call[] => [
  ...ddl(item, 'sqlite').map((text): Call => [text, []]),
  ...seedCalls(item, 'sqlite', SEED, rowCount(1)),
]

const COUNT = 65_536
/** `questions[n & MASK]` goes round. */
export const MASK = COUNT - 1

/** The same for every loop of a repetition, drawn before any clock starts. */
export const questionsOf = (repetition: number): Question[] =>
  questionSource(work, rowCount(1), [SEED, repetition]).block(COUNT)

/** Hands out what was drawn, however many are asked for, so that drawing is on nobody's bill. */
export const drawn = (questions: Question[]): QuestionSource => ({ once: false, block: () => questions })
