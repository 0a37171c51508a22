import { expect, test } from 'vitest'
import { judgeClaims } from '../../bench/analyze/claims.ts'
import type { Claim, ClaimFinding, Claimed, ClaimUnit, Comparison, JudgedClaim } from '../../bench/contract/index.ts'
import { inBrowser } from '../testing/browser.ts'
import { shippedClaims } from '../testing/claims.ts'
import { inventedComparison } from '../testing/fixture.ts'
import { shownTables } from '../testing/shown.ts'
import { misread } from '../testing/written.ts'

const [first] = shippedClaims()

/** A claim on every unit and every form of a range, whether or not it makes sense. */
function everyForm(comparison: Comparison): Comparison {
  const [judged] = comparison.claims.filter(({ findings }) => findings.length > 0)
  const units: readonly ClaimUnit[] = ['ns', 'ratio', 'round trips', 'operations per second', 'reads per write']
  const ranges: readonly Claimed[] = [
    { about: 7340, factor: 2 },
    { low: 12, high: 3450 },
    { low: 1, high: 1 },
    { low: 2.5 },
    { high: 410 },
  ]
  const claims = units.flatMap((unit, u) =>
    ranges.map((claimed, c): JudgedClaim => {
      const [finding] = judged!.findings
      const value = 3.21 * 10 ** (u + c / 2)
      const bounds = c === 4 ? { low: null, high: null } : { low: value * 0.93, high: value * 1.11 }
      return {
        claim: { ...first!, id: `${u}-${c}`, text: `${unit} ${c}`, unit, claimed },
        verdict: 'consistent',
        reason: null,
        findings: [{ ...finding!, value, ...bounds, place: 'inside', emulated: false, count: 7 + c }],
      }
    }),
  )
  return { ...comparison, claims }
}

/** Claims of a second source, which has a table of its own. */
function twoSources(comparison: Comparison): Comparison {
  const others = shippedClaims().map((claim): Claim => ({
    ...claim,
    id: `other-${claim.id}`,
    source: { title: 'Another' },
  }))
  return { ...comparison, claims: judgeClaims(comparison, [...shippedClaims(), ...others]) }
}

const rangeOf = (claimed: Claimed): number[] =>
  'about' in claimed
    ? [claimed.about, claimed.about / claimed.factor, claimed.about * claimed.factor]
    : [...new Set([claimed.low, claimed.high].filter((end) => end !== undefined))]

/** Two digits after the point at the most for plain figures, three digits for all others. */
const digitsOf = (unit: ClaimUnit): number => (unit === 'round trips' || unit === 'reads per write' ? 0 : 3)

const VERDICTS = { consistent: 'consistent', contradicted: 'contradicted', 'cannot-tell': 'cannot tell' } as const

/** What is wrong with a row, in words. */
function wrongIn(
  row: readonly string[],
  { claim, verdict }: JudgedClaim,
  finding: ClaimFinding,
  run: Comparison['run'],
) {
  const [text, judged, measured, claimed, , on] = row as [string, string, string, string, string, string]
  const { value, low, high, subjects, scenarios, basis, count, emulated } = finding
  const by = basis === 'construction' ? [value] : low === null || high === null ? [value] : [value, low, high]
  const digits = digitsOf(claim.unit)
  const titleOf = (id: string): string => run.backends.find((one) => one.id === id)!.title
  const parts = [
    ...scenarios.map((id) => run.scenarios.find((one) => one.id === id)!.title),
    ...subjects.map(({ base }) => titleOf(base)),
    ...(basis === 'rounds' ? [`${count} rounds`] : basis === 'bracket' ? [`${count} markers`] : []),
    ...subjects.flatMap(({ settings }) => Object.entries(settings).map(([name, set]) => `${name} ${String(set)}`)),
  ]
  const trips = subjects.flatMap(({ rttNs }) => (rttNs === null ? [] : [rttNs]))
  const saidTrips = [...on.matchAll(/ at ([^:]*?) of (?:emulated )?round trip/g)].map(([, trip]) => trip!)
  return [
    text === claim.text ? null : `${text} is not ${claim.text}`,
    judged.startsWith(VERDICTS[verdict]) ? null : `${judged} is not ${verdict}`,
    judged.includes('distance emulated') === emulated ? null : `${judged} says otherwise of the distance`,
    misread(measured, by, digits),
    misread(claimed, rangeOf(claim.claimed), digits),
    ...parts.map((part) => (on.includes(part) ? null : `“${on}” lacks ${part}`)),
    misread(saidTrips.join(' '), trips),
  ].filter((one) => one !== null)
}

const SHAPES: readonly (readonly [string, Comparison])[] = [
  ['the shipped ones', inventedComparison()],
  ['every unit and every form of a range', everyForm(inventedComparison())],
  ['two sources', twoSources(inventedComparison({ alike: true }))],
]

inBrowser('every cell of the tables of claims', ({ open }) => {
  test.each(SHAPES)('equals the data: %s', async (_, comparison) => {
    const { page, close } = await open(comparison)
    const shown = (await shownTables(page)).filter(({ section }) => section === 'claims')
    const sources = Map.groupBy(comparison.claims, ({ claim }) => claim.source.title)
    const tables = [...sources.values()]
      .map((those) => those.flatMap((judged) => judged.findings.map((finding) => ({ judged, finding }))))
      .filter((rows) => rows.length > 0)
    expect(shown.map(({ rows }) => rows.length)).toEqual(tables.map((rows) => rows.length))
    for (const [n, { heads, rows }] of shown.entries()) {
      expect(heads).toEqual(['Claim', 'Verdict', 'Measured here', 'Claimed', 'log scale', 'On'])
      expect(
        rows.flatMap((row, at) => {
          const { judged, finding } = tables[n]![at]!
          return wrongIn(row, judged, finding, comparison.run)
        }),
      ).toEqual([])
    }
    expect(shown.flatMap(({ rows }) => rows).length).toBeGreaterThan(5)
    await close()
  })
})
