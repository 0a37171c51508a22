import type { Cell, Load, Run } from '../contract/index.ts'
import { seededRandom, shuffled } from '../contract/index.ts'

export interface ScheduledRound {
  readonly backend: string
  readonly scenario: string
  readonly load: Load
  readonly repetition: number
  /** Place within its repetition. */
  readonly order: number
}

/**
 * Every repetition runs each cell once: scenarios in a shuffled order, and within a scenario all backends and loads in a
 * shuffled order, so that what drifts or disturbs for a while meets all backends of a comparison alike.
 */
export function schedule(run: Pick<Run, 'seed' | 'plan' | 'cells'>): ScheduledRound[] {
  const placesOf = new Map<string, Pick<Cell, 'backend' | 'load'>[]>()
  for (const { backend, scenario, load } of run.cells)
    placesOf.set(scenario, [...(placesOf.get(scenario) ?? []), { backend, load }])
  const rounds: ScheduledRound[] = []
  for (let repetition = 0; repetition < run.plan.rounds; repetition += 1) {
    const random = seededRandom(run.seed, 'order', repetition)
    let order = 0
    for (const scenario of shuffled([...placesOf.keys()], random)) {
      for (const { backend, load } of shuffled(placesOf.get(scenario)!, random)) {
        rounds.push({ backend, scenario, load, repetition, order })
        order += 1
      }
    }
  }
  return rounds
}
