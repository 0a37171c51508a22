import { readFileSync } from 'node:fs'
import { judgeClaims } from '../../bench/analyze/claims.ts'
import type { Claim, Comparison, JudgedClaim } from '../../bench/contract/index.ts'
import type { Shape } from './shape.ts'
import { HOSTILE } from './shape.ts'

/** As they lie in the file; bench/commands checks their form. */
export function shippedClaims(): Claim[] {
  const { source, claims } = JSON.parse(
    readFileSync(new URL('../claims/sqlite-on-the-edge.json', import.meta.url), 'utf8'),
  ) as { source: Claim['source']; claims: Omit<Claim, 'source'>[] }
  return claims.map((claim) => ({ ...claim, source }))
}

/** The shipped claims, held against an invented run; hostile ones come from a hostile source. */
export function inventedClaims(shape: Shape, comparison: Pick<Comparison, 'run' | 'caveats'>): JudgedClaim[] {
  const claims = shippedClaims()
  const [scenario] = comparison.run.scenarios
  if (!shape.hostile || scenario === undefined) return judgeClaims(comparison, claims)
  const source = { title: HOSTILE, publisher: HOSTILE, url: `https://example.com/${HOSTILE}`, date: HOSTILE }
  return judgeClaims(
    comparison,
    claims.map(({ measure, ...claim }) => ({
      ...claim,
      text: `${HOSTILE}|`,
      reading: HOSTILE,
      source,
      measure: 'scenario' in measure ? { ...measure, scenario: scenario.id } : measure,
    })),
  )
}
