import type { Run } from '../contract/index.ts'
import { seededRandom, shuffled } from '../contract/index.ts'

export interface ScheduledRound {
  readonly backend: string
  readonly scenario: string
  readonly repetition: number
  /** Place within its repetition. */
  readonly order: number
}

/**
 * Every repetition runs each cell once: scenarios in a shuffled order, and within a scenario all backends in a shuffled
 * order, so that what drifts or disturbs for a while meets all backends of a comparison alike.
 */
export function schedule(run: Pick<Run, 'seed' | 'plan' | 'cells'>): ScheduledRound[] {
  const backendsOf = new Map<string, string[]>()
  for (const { backend, scenario } of run.cells)
    backendsOf.set(scenario, [...(backendsOf.get(scenario) ?? []), backend])
  const rounds: ScheduledRound[] = []
  for (let repetition = 0; repetition < run.plan.rounds; repetition += 1) {
    const random = seededRandom(run.seed, 'order', repetition)
    let order = 0
    for (const scenario of shuffled([...backendsOf.keys()], random)) {
      for (const backend of shuffled(backendsOf.get(scenario)!, random)) {
        rounds.push({ backend, scenario, repetition, order })
        order += 1
      }
    }
  }
  return rounds
}
