import type { Cell } from '../contract/index.ts'
import { repetitionsOf, toRepeat } from './contention.ts'
import type { RunContext } from './context.ts'
import { isNull } from './context.ts'
import type { RoundSource } from './rounds.ts'
import type { ScheduledRound } from './schedule.ts'
import { schedule } from './schedule.ts'
import { planSweep } from './sweep.ts'

/** The floor needs no interval. */
const NULL_ROUNDS = 1

/** The run's own schedule: every round of the plan that is not stored yet, shuffled. */
export function planned(context: RunContext): RoundSource {
  let expected = 0
  return {
    get expected() {
      return expected
    },
    rounds: allRounds(context, (more) => (expected += more)),
  }
}

/** A sweep measures what each backend can do first, and then loads of it. */
function* allRounds(context: RunContext, expect: (more: number) => void): Generator<ScheduledRound> {
  const { record } = context
  yield* roundsOf(context, record.run.cells, expect)
  if (!planSweep(context)) return
  const loaded = record.run.cells.filter(({ load }) => load.kind === 'open')
  yield* roundsOf(context, loaded, expect)
}

/**
 * Every repetition of the plan in its shuffled order; then those of a scenario in which a thread had to wait for a processor as
 * it usually had not, as a whole and twice at most.
 */
function* roundsOf(
  { record, request }: RunContext,
  cells: readonly Cell[],
  expect: (more: number) => void,
): Generator<ScheduledRound> {
  const floor = new Set(request.backends.filter(isNull).map(({ id }) => id))
  const missing = (round: ScheduledRound): boolean => record.isOpen(round) && !record.has(round)
  const rounds = schedule({ ...record.run, cells }).filter(
    ({ backend, repetition }) => !floor.has(backend) || repetition < NULL_ROUNDS,
  )
  const first = rounds.filter(missing)
  expect(first.length)
  yield* first
  const repetitions = repetitionsOf(rounds.filter(({ backend }) => !floor.has(backend)))
  for (let again = true; again;) {
    again = false
    for (const repetition of repetitions) {
      const wanted = toRepeat(record, repetition)
      expect(wanted.length)
      yield* wanted
      again ||= wanted.length > 0
    }
  }
}
