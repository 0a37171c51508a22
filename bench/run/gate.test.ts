import { expect, test } from 'vitest'
import { GATE_DEFAULTS } from '../analyze/gate.ts'
import type { Gate, Round, Run, SideFacts } from '../contract/index.ts'
import { inventedComparison } from '../../reports/testing/fixture.ts'
import type { Bouts } from './conduct.ts'
import { gateOf } from './gate.ts'

const { run } = inventedComparison()
const names = run.cells.slice(0, 2).map(({ backend, scenario }) => ({ backend, scenario }))
const pending: Run = {
  ...run,
  cells: names.map((name) => ({ ...name, load: { kind: 'closed', callers: 1 }, outcome: 'pending', rounds: [] })),
}
const facts: SideFacts = { name: 'x', commit: null, build: '', harness: { version: '', from: '' }, run: null }
const measured = run.cells.find((cell) => cell.outcome === 'measured')!.rounds[0]!

/** Twelve pairs in which head and control are so many times base, give or take a little. */
function bouts(which: number, head: number, control: number | null): Bouts {
  const round = (p50Ns: number, repetition: number): Round => ({
    ...measured,
    p50Ns: p50Ns * (1 + repetition / 1e4),
    p99Ns: 2 * p50Ns,
  })
  return {
    cell: names[which]!,
    isControlled: control !== null,
    bouts: Array.from({ length: 12 }, (_, repetition) => ({
      repetition,
      base: round(1000, 0),
      head: round(1000 * head, repetition),
      control: control === null ? null : round(1000 * control, repetition),
    })),
    repeated: 0,
    trouble: null,
  }
}

/** Head gets faster within each of its rounds. */
const drifting = (one: Bouts): Bouts => ({
  ...one,
  bouts: one.bouts.map((bout, n) => ({ ...bout, head: { ...bout.head, driftRatio: 0.8 + n / 1e4 } })),
})

const made = (first: readonly Bouts[], again: readonly Bouts[] = [], changes: { isInterrupted?: boolean } = {}): Gate =>
  gateOf({
    id: 'x',
    startedAt: '',
    rules: GATE_DEFAULTS,
    isInterrupted: false,
    base: { facts, run: pending },
    head: { facts, run: pending },
    definitions: new Map(),
    first,
    again,
    ...changes,
  })

const verdicts = (gate: Gate): string[] =>
  gate.cells.map(({ outcome }) => (outcome.kind === 'compared' ? outcome.verdict : outcome.kind))

test('what is slower twice is slower, and the job a regression', () => {
  const gate = made([bouts(0, 1.1, 1), bouts(1, 1, null)], [bouts(0, 1.1, 1)])
  expect(verdicts(gate)).toEqual(['slower', 'same'])
  expect(gate.outcome).toBe('regression')
  expect(gate.cells[0]!.outcome).toMatchObject({ p99: { value: expect.closeTo(0.1, 6) } })
})

test('what fresh pairs do not show again is inconclusive', () => {
  const gate = made([bouts(0, 1.1, 1), bouts(1, 1, null)], [bouts(0, 1, 1)])
  expect(verdicts(gate)).toEqual(['inconclusive', 'same'])
  expect(gate.outcome).toBe('passed')
})

test('without a steady state nothing is called the same, and slower stays slower', () => {
  const gate = made([drifting(bouts(0, 1.1, 1)), drifting(bouts(1, 1, null))], [drifting(bouts(0, 1.1, 1))])
  expect(verdicts(gate)).toEqual(['slower', 'inconclusive'])
  expect(gate.cells.map(({ outcome }) => outcome)).toMatchObject([{ unsteady: ['head'] }, { unsteady: ['head'] }])
})

test('a job whose base differs from its base is invalid, at first or when it confirms, whatever head does', () => {
  expect(made([bouts(0, 1, 1.1), bouts(1, 1, null)]).outcome).toBe('invalid')
  expect(made([bouts(0, 1.1, 1), bouts(1, 1, null)], [bouts(0, 1.1, 0.9)]).outcome).toBe('invalid')
})

test('a cell that failed is no pass, and no excuse for a regression', () => {
  const trouble = { side: 'head', stage: 'measure', code: 'X', message: 'gone', remedy: '' } as const
  const failed = { ...bouts(1, 1, null), trouble }
  expect(made([bouts(0, 1, 1), failed]).outcome).toBe('failed')
  expect(made([bouts(0, 1.1, 1), failed], [bouts(0, 1.1, 1)]).outcome).toBe('regression')
})

test('an interrupted job has intervals and no verdict', () => {
  const gate = made([bouts(0, 1.1, 1), { ...bouts(1, 1, null), bouts: [] }], [], { isInterrupted: true })
  expect(verdicts(gate)).toEqual(['inconclusive', 'pending'])
  expect(gate.outcome).toBe('interrupted')
  expect(verdicts(made([bouts(0, 1, 1)], [], { isInterrupted: true }))[0]).toBe('inconclusive')
})
