import { expect, test } from 'vitest'
import type { Cell } from '../contract/index.ts'
import { schedule } from './schedule.ts'

const cells = ['a', 'b', 'c', 'd'].flatMap((backend) =>
  ['x', 'y', 'z'].map((scenario): Cell => ({
    backend,
    scenario,
    load: { kind: 'closed', callers: 1 },
    outcome: 'pending',
    rounds: [],
  })),
)
const plan = { rounds: 8 } as Parameters<typeof schedule>[0]['plan']

test('every cell has one round in every repetition, and backends of a scenario run next to one another', () => {
  const rounds = schedule({ seed: 1, plan, cells })
  expect(rounds).toHaveLength(8 * 12)
  for (let repetition = 0; repetition < 8; repetition += 1) {
    const one = rounds.filter((round) => round.repetition === repetition)
    expect(new Set(one.map((round) => `${round.backend} ${round.scenario}`)).size).toBe(12)
    expect(one.map((round) => round.order)).toEqual(Array.from({ length: 12 }, (_, n) => n))
    for (let n = 0; n < 12; n += 4) expect(new Set(one.slice(n, n + 4).map((round) => round.scenario)).size).toBe(1)
  }
})

test('the order is shuffled, differs between repetitions, and is the seed alone', () => {
  const order = (seed: number): string[] =>
    schedule({ seed, plan, cells }).map((round) => `${round.scenario}${round.backend}`)
  expect(order(1)).toEqual(order(1))
  expect(order(1)).not.toEqual(order(2))
  const orders = Array.from({ length: 8 }, (_, n) =>
    order(1)
      .slice(n * 12, n * 12 + 12)
      .join(' '),
  )
  expect(new Set(orders).size).toBe(8)
  const firsts = new Set(
    schedule({ seed: 1, plan: { ...plan, rounds: 40 }, cells })
      .filter(({ order: place }) => place === 0)
      .map(({ backend }) => backend),
  )
  expect(firsts).toEqual(new Set(['a', 'b', 'c', 'd']))
})

test('loads of one backend and scenario are cells of their own, shuffled among the backends of the scenario', () => {
  const loaded = cells.flatMap((cell): Cell[] => [
    cell,
    { ...cell, load: { kind: 'open', ratePerSecond: 100, arrivals: 'poisson', concurrency: 8 } },
  ])
  const rounds = schedule({ seed: 1, plan, cells: loaded })
  expect(rounds).toHaveLength(8 * 24)
  const places = rounds.map(({ backend, scenario, load, repetition }) => [backend, scenario, load.kind, repetition])
  expect(new Set(places.map((place) => place.join(' '))).size).toBe(8 * 24)
  for (let n = 0; n < rounds.length; n += 8)
    expect(new Set(rounds.slice(n, n + 8).map(({ scenario }) => scenario)).size).toBe(1)
})
