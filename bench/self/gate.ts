import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { GATE_DEFAULTS, judge, logRatios, pairedShift } from '../analyze/gate.ts'
import type { Finding, Section } from './finding.ts'

/** Does a rule call head slower than base? Each row holds the statistics of one round. */
type Rule = (base: readonly number[][], head: readonly number[][], column: (name: string) => number) => boolean

const average = (rows: readonly number[][], column: number): number =>
  rows.reduce((sum, row) => sum + row[column]!, 0) / rows.length

const RULES: Readonly<Record<string, Rule>> = {
  'one round, mean, more than 5 %': ([base], [head], column) => head![column('mean')]! > 1.05 * base![column('mean')]!,
  'ten rounds, mean, more than 10 %': (base, head, column) =>
    average(head, column('mean')) > 1.1 * average(base, column('mean')),
  'Hodges-Lehmann of paired p50, 99 %, 3 %': (base, head, column) => {
    const medians = (rows: readonly number[][]): number[] => rows.map((row) => row[column('p50')]!)
    const shift = pairedShift(logRatios(medians(base), medians(head)), GATE_DEFAULTS.alpha)
    return judge(shift, GATE_DEFAULTS.threshold) === 'slower'
  },
}

/** Rules of the trade on rounds that were really measured, ten a side, interleaved: how often each calls head slower. */
export function gate(): Section {
  const file = new URL('../analyze/testing/rounds.json.gz', import.meta.url)
  const { keys, comparisons } = JSON.parse(gunzipSync(readFileSync(file)).toString('utf8')) as {
    keys: string[]
    comparisons: { sides: Record<string, number[][]> }[]
  }
  const column = (name: string): number => keys.indexOf(name)
  const findings = Object.entries(RULES).flatMap(([name, rule]) =>
    (
      [
        ['A2', 'the same build'],
        ['B5', '5.7 % slower'],
        ['B10', '10.9 % slower'],
      ] as const
    ).map(([side, change]): Finding => {
      const held = comparisons.filter(({ sides }) => sides[side] !== undefined)
      const slower = held.filter(({ sides }) => rule(sides.A!, sides[side]!, column)).length
      return { what: `${name}: ${change}`, figure: `${slower} of ${held.length}` }
    }),
  )
  return { title: 'The gate: how often head is called slower, on stored rounds', findings }
}
