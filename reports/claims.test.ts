import { describe, expect, test } from 'vitest'
import { judgeClaims } from '../bench/analyze/claims.ts'
import type { Claim, Comparison } from '../bench/contract/index.ts'
import { html, markdown, renderTerminal } from './index.ts'
import { claimCounts, claimGroups } from './claims.ts'
import { escapeMarkdown } from './markdown-text.ts'
import { shippedClaims } from './testing/claims.ts'
import { inventedComparison } from './testing/fixture.ts'
import { HOSTILE } from './testing/shape.ts'
import { viewOf } from './view.ts'

const terminal = (comparison: Comparison): string => renderTerminal(comparison, { width: 100, color: false })
const section = (comparison: Comparison): string =>
  /<section id="claims"[\s\S]*?<\/section>/.exec(html.render(comparison))?.[0] ?? ''
const readable = (page: string): string => page.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ')

const [anyClaim] = shippedClaims()
const claimOf = (changes: Partial<Claim>): Claim => ({ ...anyClaim!, ...changes })
const against = (claims: readonly Claim[]): Comparison => {
  const comparison = inventedComparison()
  return { ...comparison, claims: judgeClaims(comparison, claims) }
}

describe('the shipped claims beside an invented run', () => {
  const comparison = inventedComparison()
  const view = viewOf(comparison)
  const groups = claimGroups(view)

  test('there are some of each verdict', () => {
    for (const verdict of ['consistent', 'contradicted', 'cannot-tell'])
      expect(
        comparison.claims.some((claim) => claim.verdict === verdict),
        verdict,
      ).toBe(true)
  })

  test('every claim, figure, interval, range and reason stands in page and Markdown', () => {
    const [page, text] = [readable(section(comparison)), markdown.render(comparison)]
    for (const { judged, untold } of groups) {
      for (const { judged: one, remarks } of [...judged, ...untold]) {
        expect(text).toContain(escapeMarkdown(one.claim.text))
        expect(page).toContain(one.claim.text)
        for (const remark of remarks) {
          expect(text).toContain(escapeMarkdown(remark))
          expect(page).toContain(remark)
        }
      }
      for (const { claimed, findings } of judged) {
        for (const { value, interval, on } of findings) {
          for (const part of [value, interval, claimed, on]) {
            expect(text).toContain(escapeMarkdown(part))
            expect(page).toContain(part)
          }
        }
      }
    }
  })

  test('the counts are the same in all three reports, and add up', () => {
    const counts = claimCounts(view)!
    const numbers = [...counts.matchAll(/\d+/g)].map(([number]) => Number(number))
    expect(numbers.reduce((sum, number) => sum + number)).toBe(comparison.claims.length)
    for (const report of [readable(section(comparison)), markdown.render(comparison), terminal(comparison)])
      expect(report.replaceAll(/\s+/g, ' ')).toContain(counts)
  })

  test('a figure with a caveat carries its letter', () => {
    const marked = groups
      .flatMap(({ judged }) => judged.flatMap(({ findings }) => findings))
      .filter(({ letters }) => letters.length > 0)
    expect(marked.length).toBeGreaterThan(0)
    for (const { letters } of marked)
      for (const letter of letters) expect(section(comparison)).toContain(`href="#caveat-${letter}"`)
  })

  test('a verdict from an emulated distance says so', () => {
    const emulated = groups
      .flatMap(({ judged }) => judged)
      .filter(({ findings }) => findings.some(({ finding }) => finding.emulated))
    expect(emulated.length).toBeGreaterThan(0)
    for (const { remarks, findings } of emulated) {
      expect(remarks).toContain('distance emulated')
      expect(findings[0]!.on).toContain('of emulated round trip')
    }
  })
})

test('a distance that does not fit is shown beside the range that was applied to it', () => {
  const backends = [{ ...inventedComparison().run.backends.find(({ distance }) => distance !== null)! }]
  const reasonAt = (emulatedRttMs: [number, number] | undefined): string => {
    const of = { rttMs: [0.2, 0.5] as [number, number], ...(emulatedRttMs === undefined ? {} : { emulatedRttMs }) }
    const measure = { kind: 'p50', scenario: 'point-read', of } as const
    const comparison = inventedComparison()
    const judged = judgeClaims({ ...comparison, run: { ...comparison.run, backends } }, [claimOf({ measure })])
    return claimGroups(viewOf({ ...comparison, claims: judged }))[0]!.untold[0]!.remarks.join()
  }
  expect(reasonAt([0.3, 0.4])).toContain('a round trip of 200–500 µs, or of 300–400 µs where it is emulated; ')
  expect(reasonAt(undefined)).toContain('a round trip of 200–500 µs; ')
})

test('a run that no claim was held against says so in one line', () => {
  const comparison = { ...inventedComparison(), claims: [] }
  expect(readable(section(comparison))).toContain('No claims were held against this run.')
  expect(markdown.render(comparison)).toContain('No claims were held against this run.')
  expect(terminal(comparison)).not.toContain('Published claims')
})

test('hostile words stay words, and an address that runs is no link', () => {
  const url = `javascript:alert('${HOSTILE}')`
  const source = { title: HOSTILE, publisher: `a|b${HOSTILE}`, url, date: HOSTILE }
  const comparison = against([
    claimOf({ text: `${HOSTILE}|x`, reading: HOSTILE, source }),
    claimOf({ id: 'linked', text: HOSTILE, source: { title: 'x', url: `https://example.com/"onclick="x${HOSTILE}` } }),
  ])
  expect(section(comparison)).not.toMatch(/<script|<img|href="javascript|"onclick=/)
  expect(section(comparison)).toContain('<a href="https://example.com/&quot;')
  const text = markdown.render(comparison)
  expect(text).not.toMatch(/<script|<img/)
  for (const line of text.split('\n').filter((one) => one.includes('contradicted') || one.includes('consistent')))
    if (line.startsWith('|')) expect(line.match(/(?<!\\)\|/g)).toHaveLength(7)
})

test('claims of several sources stand under their own', () => {
  const comparison = against([claimOf({}), claimOf({ id: 'other', source: { title: 'Another blog' } })])
  expect([...section(comparison).matchAll(/<h3>\s*(.*?)\s*<\/h3>/gs)].map(([, name]) => name)).toEqual([
    'How to Run SQLite on the Edge in Serverless and CDN Environments, Botmonster Tech',
    'Another blog',
  ])
})

describe('the picture', () => {
  const band = (comparison: Comparison): number[][] =>
    [...section(comparison).matchAll(/class="claimed" d="M([-\d.]+) [\d.]+H([-\d.]+)V/g)].map(([, left, right]) => [
      Number(left),
      Number(right),
    ])

  test('an open end leaves it, two ends lie within it', () => {
    const [both, high, low] = band(
      against([
        claimOf({ claimed: { low: 500, high: 5000 } }),
        claimOf({ claimed: { high: 1e6 } }),
        claimOf({ claimed: { low: 10 } }),
      ]),
    )
    expect(both![0]).toBeGreaterThan(0)
    expect(both![1]).toBeLessThan(150)
    expect(high).toEqual([0, expect.any(Number)])
    expect(low).toEqual([expect.any(Number), 150])
  })

  test('no zero is drawn on a logarithmic scale', () => {
    const page = section(against([claimOf({ claimed: { low: 0, high: 0 } })]))
    expect(page).not.toMatch(/NaN|Infinity|class="claimed"/)
  })
})
