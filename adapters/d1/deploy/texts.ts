import type { Scenario, Table } from '../../../bench/contract/index.ts'
import { rowCount, scenarioTexts, seedingTexts, tableTexts } from '../../../bench/contract/index.ts'

/** The schema of a deployed database is made by migrations, so its Worker cannot change it. */
const CHANGES_SCHEMA = /^\s*(CREATE|DROP|ALTER)\b/i

/** Tables of all datasets that the scenarios use, without repetition. */
export const tablesOf = (scenarios: readonly Scenario[]): readonly Table[] => [
  ...new Set(scenarios.flatMap(({ dataset }) => dataset.tables)),
]

/**
 * Statements that a deployed Worker knows by name: what scenarios send and what fills, empties and restores their tables,
 * at every scale (a scale decides how many rows the last INSERT has).
 */
export function deployedTexts(scenarios: readonly Scenario[]): readonly string[] {
  const tables = tablesOf(scenarios)
  const texts = new Set([
    ...scenarios.flatMap((scenario) => scenarioTexts(scenario, 'sqlite')),
    ...seedingTexts(tables, 'sqlite', rowCount(1)),
  ])
  for (const table of tables) for (const text of textsAtAnyScale(table)) texts.add(text)
  return [...texts].filter((text) => !CHANGES_SCHEMA.test(text))
}

/** Counts of rows repeat each other's texts once they fill a whole INSERT, and that is where this ends. */
function textsAtAnyScale(table: Table): ReadonlySet<string> {
  const texts = new Set<string>()
  for (let [rows, before] = [1, -1]; texts.size > before; rows += 1) {
    before = texts.size
    for (const text of tableTexts(table, 'sqlite', () => rows)) texts.add(text)
  }
  return texts
}
