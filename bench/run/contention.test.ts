import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { inventedComparison } from '../../reports/testing/fixture.ts'
import type { Cell, Round } from '../contract/index.ts'
import { repetitionsOf, toRepeat } from './contention.ts'
import { RunRecord } from './record.ts'
import type { ScheduledRound } from './schedule.ts'
import { schedule } from './schedule.ts'
import { Store } from './store.ts'

const template = inventedComparison({ gaps: false }).run
const model = template.cells.find((cell) => cell.outcome === 'measured')!.rounds[0]!
const BACKENDS = ['a', 'b', 'c']

/** A run of three backends and two scenarios that has not begun. */
function begun(limit: number): { record: RunRecord; repetitions: ScheduledRound[][] } {
  const folder = mkdtempSync(join(tmpdir(), 'sqlatency-contention-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const cells = BACKENDS.flatMap((backend) =>
    ['x', 'y'].map((scenario): Cell => ({
      backend,
      scenario,
      load: { kind: 'closed', callers: 1 },
      outcome: 'pending',
      rounds: [],
    })),
  )
  const repeated = { limit, limitReached: false, rounds: [] }
  const run = { ...template, plan: { ...template.plan, rounds: 3 }, cells, repeated }
  return { record: RunRecord.begin(new Store(folder, 'run'), run), repetitions: repetitionsOf(schedule(run)) }
}

/** A round whose thread waited for this share of its time. */
const round = ({ repetition }: ScheduledRound, waited: number, startedAt = model.startedAt): Round => ({
  ...model,
  repetition,
  startedAt,
  measuredNs: 1e9,
  witnesses: { ...model.witnesses, runqueueWaitNs: waited * 1e9 },
})

test('a repetition of a scenario is all of its backends, side by side', () => {
  const { repetitions } = begun(100)
  expect(repetitions).toHaveLength(6)
  for (const repetition of repetitions) {
    expect(new Set(repetition.map(({ backend }) => backend))).toEqual(new Set(BACKENDS))
    expect(new Set(repetition.map((one) => `${one.scenario} ${one.repetition}`)).size).toBe(1)
  }
})

/** Every place of every repetition, measured once; `waited` says how long a thread waited. */
function measured(
  limit: number,
  waited: (place: ScheduledRound) => number,
): { record: RunRecord; repetitions: ScheduledRound[][] } {
  const { record, repetitions } = begun(limit)
  for (const place of repetitions.flat()) record.add(place, round(place, waited(place)))
  return { record, repetitions }
}

const isOne = ({ backend, scenario, repetition }: ScheduledRound): boolean =>
  backend === 'b' && scenario === 'x' && repetition === 1

test('one disturbed round repeats its whole repetition, twice at most, and the last time counts', () => {
  const { record, repetitions } = measured(100, (place) => (isOne(place) ? 0.05 : 0))
  const [disturbed] = repetitions.filter((repetition) => repetition.some(isOne)) as [ScheduledRound[]]
  for (const repetition of repetitions)
    expect(toRepeat(record, repetition)).toEqual(repetition === disturbed ? repetition : [])
  for (const attempt of [2, 3]) {
    for (const place of disturbed) {
      expect(record.attempts(place)).toBe(attempt - 1)
      record.add(place, round(place, isOne(place) ? 0.05 : 0, `attempt ${attempt}`))
    }
    expect(toRepeat(record, disturbed)).toEqual(attempt < 3 ? disturbed : [])
  }
  const { cells, repeated } = record.run
  const kept = cells.flatMap((cell) => ('rounds' in cell ? cell.rounds : []))
  expect(kept.filter(({ startedAt }) => startedAt === 'attempt 3')).toHaveLength(3)
  expect(repeated.rounds).toHaveLength(6)
  expect(repeated.rounds.filter(({ contended }) => contended).map(({ backend }) => backend)).toEqual(['b', 'b'])
  expect(repeated.limitReached).toBe(false)
})

test('what waits in every round alike is no disturbance, and more than that is one', () => {
  const alike = measured(100, ({ repetition }) => 0.18 + repetition * 0.01)
  for (const repetition of alike.repetitions) expect(toRepeat(alike.record, repetition)).toEqual([])
  const more = measured(100, (place) => (isOne(place) ? 0.21 : 0.18))
  for (const repetition of more.repetitions)
    expect(toRepeat(more.record, repetition)).toEqual(repetition.some(isOne) ? repetition : [])
})

test('waiting for exactly 2 %, or nothing that could be read, repeats nothing', () => {
  const limit = measured(100, (place) => (isOne(place) ? 0.02 : 0))
  for (const repetition of limit.repetitions) expect(toRepeat(limit.record, repetition)).toEqual([])
  const { record, repetitions } = begun(100)
  for (const place of repetitions.flat()) {
    const { witnesses, ...rest } = round(place, 0)
    record.add(place, { ...rest, witnesses: { ...witnesses, runqueueWaitNs: null } })
  }
  for (const repetition of repetitions) expect(toRepeat(record, repetition)).toEqual([])
})

test('never more rounds than the limit, never half a repetition, and that it was reached is kept', () => {
  const { record, repetitions } = measured(7, ({ repetition }) => (repetition === 0 ? 0 : repetition === 1 ? 0.1 : 0.5))
  let added = 0
  for (const repetition of repetitions) {
    const wanted = toRepeat(record, repetition)
    expect([0, 3]).toContain(wanted.length)
    for (const place of wanted) record.add(place, round(place, 0.5))
    added += wanted.length
  }
  expect(added).toBe(6)
  for (const repetition of repetitions) expect(toRepeat(record, repetition)).toEqual([])
  expect(record.run.repeated).toMatchObject({ limit: 7, limitReached: true })
  expect(record.run.repeated.rounds).toHaveLength(6)
  for (const cell of record.run.cells) {
    const repetitionsKept = ('rounds' in cell ? cell.rounds : []).map(({ repetition }) => repetition)
    expect(repetitionsKept.toSorted((a, b) => a - b)).toEqual([0, 1, 2])
  }
})

test('a run without room for any says so by its limit alone', () => {
  const { record, repetitions } = measured(0, (place) => (isOne(place) ? 0.5 : 0))
  for (const repetition of repetitions) expect(toRepeat(record, repetition)).toEqual([])
  expect(record.run.repeated.limitReached).toBe(false)
})

test('a cell that failed is not measured again; the others of its repetition are', () => {
  const { record, repetitions } = measured(100, (place) => (isOne(place) ? 0.5 : 0))
  const repetition = repetitions.find((places) => places.some(isOne))!
  const failed = repetition.find((place) => !isOne(place))!
  record.failCell(failed, { stage: 'measure', code: 'TOO_SLOW', message: 'slow', remedy: 'wait' })
  expect(toRepeat(record, repetition)).toEqual(repetition.filter((place) => place !== failed))
})
