import type { Run } from '../contract/index.ts'

/** What a scenario asked of which data, as far as a stored run tells: not how arguments were drawn. */
export function asked(scenario: string, run: Run): string {
  const facts = run.scenarios.find(({ id }) => id === scenario)
  const hash = run.datasets.find(({ id }) => id === facts?.dataset)?.hash
  return JSON.stringify([hash, facts?.kind, facts?.shape, facts?.statements])
}
