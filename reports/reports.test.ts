import { createHash } from 'node:crypto'
import { inflateSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { compare } from '../bench/analyze/compare.ts'
import type { Comparison, Run } from '../bench/contract/index.ts'
import { duration, durationInterval, ratio } from './format.ts'
import { graphemes } from './graphemes.ts'
import { html, markdown, renderTerminal, reports } from './index.ts'
import { escapeMarkdown } from './markdown-text.ts'
import { inventedComparison } from './testing/fixture.ts'
import type { Shape } from './testing/shape.ts'
import { HOSTILE } from './testing/shape.ts'

const SHAPES: readonly Partial<Shape>[] = [
  {},
  { backends: 1, scenarios: 1, rounds: 1, operations: 1, lag: false, withNull: false, gaps: false, caveats: 'none' },
  { backends: 0, scenarios: 0, gaps: false, lag: false },
  { backends: 2, scenarios: 3, withNull: false },
  { backends: 12, scenarios: 3 },
  { failed: true },
  { failed: true, lag: false, caveats: 'none' },
  { alike: true },
  { rounds: 3, operations: 40 },
  { hostile: true, caveats: 'every' },
  { loads: true },
  { loads: true, hostile: true, backends: 4, scenarios: 3 },
  { k6: true },
  { k6: true, hostile: true, backends: 3, scenarios: 3 },
  { sources: 3 },
  { hostile: true, sources: 2, caveats: 'every' },
  { distance: false },
]

/** What can be read: without scripts and styles, entities resolved. */
const visible = (page: string): string =>
  page
    .replace(/<(script|style)\b[^>]*>[\s\S]*?<\/\1>/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
    .replace(/\s+/g, ' ')

const terminal = (comparison: Comparison, width = 100): string => renderTerminal(comparison, { width, color: false })
const texts = (comparison: Comparison): string[] => [
  // Without Chart.js and the packed run, whose base64 may spell anything.
  html.render(comparison).replace(/<script(>| type="text\/plain")[\s\S]*?<\/script>/g, ''),
  markdown.render(comparison),
  terminal(comparison),
]

const orTooFew = (ns: number | null): string => (ns === null ? 'too few' : duration(ns))
const escape = (text: string): string => text.replaceAll('.', String.raw`\.`)

/** What a pattern finds, so that a failure prints the place and not the page. */
const found = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map(([match]) => match)

test('a merged run shows every machine that it was measured on, and how to repeat it', () => {
  for (const text of [
    visible(html.render(inventedComparison({ sources: 3 }))),
    markdown.render(inventedComparison({ sources: 3 })),
  ]) {
    for (const n of [1, 2, 3]) expect(text).toContain(`Run invented-${n}`)
    expect(text.match(/Invented Processor/g)!.length).toBeGreaterThanOrEqual(3)
    expect(text).toContain('npx sqlatency merge results/invented-1 results/invented-2 results/invented-3')
  }
})

test('counts the operations on databases, also on those that were moved, and none of the harness alone', () => {
  const { run, ...others } = inventedComparison({ scenarios: 1, backends: 2, gaps: false })
  const of = (id: string): number =>
    run.cells.reduce(
      (sum, cell) => sum + (cell.outcome === 'measured' && cell.backend === id ? cell.estimates.operations : 0),
      0,
    )
  const [one, other] = run.backends.filter(({ traits }) => !traits.includes('null'))
  const [alone] = run.backends.filter(({ traits }) => traits.includes('null'))
  expect(of(alone!.id)).toBeGreaterThan(0)
  const backends = run.backends.map((backend) => (backend === other ? { ...backend, movedFrom: one!.id } : backend))
  const timed = of(one!.id) + of(other!.id)
  const moved = { ...others, run: { ...run, backends } }
  expect(markdown.render(moved)).toContain(`; ${timed.toLocaleString('en-US')} operations timed; `)
  expect(visible(html.render(moved))).toContain(`Operations timed ${timed.toLocaleString('en-US')} `)
})

test('what was measured with changes of the code says so, and its commit can be checked out', () => {
  const { run, ...others } = inventedComparison({ scenarios: 1 })
  const changed = { ...others, run: { ...run, harness: { ...run.harness, commit: '4be91d2+changes' } } }
  for (const text of [visible(html.render(changed)), markdown.render(changed)])
    expect(text).toMatch(/git checkout 4be91d2 +# and changes that were not committed/)
})

describe.each(SHAPES)('of %j', (shape) => {
  const comparison = inventedComparison(shape)

  test('no report says NaN, Infinity, undefined or an object', () => {
    for (const text of texts(comparison))
      expect(found(text, /.{40}(NaN|Infinity|\bundefined\b|\[object ).{20}/g)).toEqual([])
  })

  test('the same input gives the same bytes, and another input others', () => {
    const other = inventedComparison(shape, 2)
    for (const report of reports) {
      expect(report.render(structuredClone(comparison))).toBe(report.render(comparison))
      if (shape.failed !== true && shape.backends !== 0)
        expect(report.render(other)).not.toBe(report.render(comparison))
    }
  })

  test('every estimate stands in every report', () => {
    const [page, text, screen] = [
      visible(html.render(comparison)),
      markdown.render(comparison),
      terminal(comparison, 160),
    ]
    for (const ranking of comparison.rankings) {
      for (const row of ranking.rows) {
        const p50 = duration(row.cell.estimates.p50.valueNs)
        for (const report of [page, text, screen]) expect(report.includes(p50), p50).toBe(true)
      }
    }
  })

  test('every caveat stands in every report with its letter', () => {
    const page = html.render(comparison)
    const ids = comparison.caveats.map((caveat) => caveat.id)
    expect([...page.matchAll(/class="rule">([A-Z0-9_]+)</g)].map(([, id]) => id)).toEqual(ids)
    for (const id of ids) expect(markdown.render(comparison)).toContain(`(${id})`)
    expect(terminal(comparison).match(/^[a-z]{1,2} {1,2}\S/gm)?.length ?? 0).toBeGreaterThanOrEqual(ids.length)
  })

  test('every anchor leads somewhere and no id is there twice', () => {
    const page = html.render(comparison).replace(/<script[\s\S]*?<\/script>/g, '')
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id!)
    expect(new Set(ids).size).toBe(ids.length)
    for (const [, target] of page.matchAll(/href="#([^"]+)"/g)) expect(ids).toContain(target)
  })
})

const upTo = (text: string, end: string): string => text.slice(0, text.indexOf(end))

describe('what k6 saw', () => {
  const comparison = inventedComparison({ k6: true, scenarios: 3 })
  const k6 = comparison.run.k6!

  test('stands in every report with every figure, and percentiles that do not hold are withheld', () => {
    for (const text of texts(comparison).map((one) => one.replaceAll(/\s+/g, ' '))) {
      expect(text).toContain('Seen through HTTP')
      expect(text).toContain('none is in a ranking')
      expect(text).toContain('Invalid: k6 drops')
      for (const cell of k6.cells) {
        if (cell.outcome !== 'measured') continue
        const [p50] = cell.quantiles
        expect(text.includes(duration(p50!.ns)), duration(p50!.ns)).toBe(cell.valid)
        expect(text).toContain(cell.valid ? duration(cell.maxNs) : `≥ ${duration(cell.maxNs)}`)
      }
      expect(text).toContain('No request was answered: HTTP 500.')
      expect(text).toContain('HTTP 500: 3')
    }
  })

  test('changes no ranking, matrix, estimate or verdict', () => {
    const without = { ...comparison, run: { ...comparison.run, k6: null } }
    expect(compare(comparison.run).rankings).toEqual(compare(without.run).rankings)
    const [page, plain] = [comparison, without].map((one) =>
      markdown.render(one).replace(/ [\d,]+ requests answered through HTTP;/, ''),
    )
    expect(upTo(page!, '## Seen through HTTP')).toBe(upTo(plain!, '## Published claims'))
    const [screen, bare] = [comparison, without].map((one) => terminal(one))
    expect(screen!.startsWith(upTo(bare!, 'Replication lag'))).toBe(true)
  })

  test('alone is a report that ranks nothing and says how to repeat it', () => {
    const run: Run = {
      ...comparison.run,
      cells: [],
      lag: [],
      plan: {
        ...comparison.run.plan,
        name: 'k6',
        rounds: 0,
        load: { kind: 'open', ratePerSecond: 100, arrivals: 'constant', concurrency: 50 },
      },
    }
    const alone = compare(run)
    for (const text of texts({ ...comparison, ...alone })) {
      expect(text).toContain('Seen through HTTP alone, so nothing is ranked.')
      expect(text).not.toMatch(/NaN|Infinity|undefined|\[object|★/)
    }
    expect(markdown.render({ ...comparison, ...alone })).toContain(
      'npx sqlatency k6 --rate 100 --duration 10000ms --warm-up 2000ms --concurrency 50 --sessions 10 --scale 1 --durability durable --seed 7',
    )
    // What the databases are, they are from outside too.
    expect(alone.caveats.map(({ id }) => id)).toEqual(expect.arrayContaining(['D1_LOCAL', 'RTT_EMULATED', 'SAME_HOST']))
    expect(alone.caveats.map(({ id }) => id)).not.toContain('SERVER_NOT_REPLICATED')
  })
})

describe('loads', () => {
  const comparison = inventedComparison({ loads: true })

  test('service and response time stand side by side in every report, with the label of what was too much', () => {
    for (const [n, report] of [visible(html.render(comparison)), markdown.render(comparison)].entries()) {
      for (const { points } of comparison.loads) {
        for (const { cell } of points) {
          const response = cell.estimates.response!
          const [service, whole] = [cell.estimates.quantiles, response.quantiles].map(
            (among) => among.find(({ p }) => p === 0.99)!.ns,
          )
          const gap = n === 0 ? '[^|]{0,30}? / ' : ' \\|[^|]+ / '
          const line = `${escape(orTooFew(service!))}${gap}${response.saturated && whole !== null ? '≥ ' : ''}${escape(orTooFew(whole!))}`
          expect(new RegExp(line).test(report), line).toBe(true)
        }
      }
      expect(report.match(/, saturated/g)).toHaveLength(comparison.loads.length)
      expect(report.match(/, contended/g)).toHaveLength(comparison.loads.length)
      expect(report.includes('on a quiet machine it may come later')).toBe(true)
      expect(report.includes('knee at')).toBe(true)
    }
  })

  test('the terminal keeps name and load beside every figure, whatever the width', () => {
    for (const width of [80, 120, 160]) {
      const lines = terminal(comparison, width).split('\n')
      expect(Math.max(...lines.map((line) => graphemes(line).length))).toBeLessThanOrEqual(width)
      const parts = lines.filter((line) => / load {2,}\S/.test(line)).length
      const shares = lines.filter((line) => /^Postgres, loopback +50 % {2,}\S/.test(line)).length
      expect(shares).toBe(parts)
      expect(parts).toBeGreaterThan(0)
    }
  })

  test('a run without an open loop has no table of it, and the page says so in one line', () => {
    for (const text of texts(inventedComparison())) expect(found(text, /response p50|chart-load/g)).toEqual([])
    expect(visible(html.render(inventedComparison()))).toContain('No load was measured.')
  })
})

/** The run behind the download button. */
const packed = (text: string): Run =>
  JSON.parse(inflateSync(Buffer.from(/id="run">([^<]*)</.exec(text)![1]!, 'base64')).toString()) as Run

describe('HTML', () => {
  const comparison = inventedComparison()
  const page = html.render(comparison)

  test('tables hold each row as the run has it', () => {
    for (const ranking of comparison.rankings) {
      const index = comparison.run.scenarios.findIndex(({ id }) => id === ranking.scenario.id)
      const article = page.split(`<article class="card" data-scenario="${index}">`)[1]!.split('</article>')[0]!
      const rows = article.split('<tbody>')[1]!.split('</tbody>')[0]!.split('<tr').slice(1).map(visible)
      expect(rows).toHaveLength(ranking.rows.length)
      for (const [nth, row] of ranking.rows.entries()) {
        expect(rows[nth]).toContain(row.backend.title)
        expect(rows[nth]).toContain(duration(row.cell.estimates.p50.valueNs))
        expect(rows[nth]).toContain(` ${row.rank ?? '–'} `)
        if (row.rank !== null && nth > 0) expect(rows[nth]).toContain(ratio(row.ratio.value))
      }
    }
  })

  test('sections stand in their order', () => {
    const order = [
      'ranking',
      'all',
      'page',
      'tail',
      'distance',
      'load',
      'over-time',
      'replication',
      'baseline',
      'claims',
      'caveats',
      'method',
      'reproduce',
    ]
    expect([...page.matchAll(/<section id="([^"]+)"/g)].map(([, id]) => id)).toEqual(order)
  })

  test('no style attribute and no handler, which the policy would refuse', () => {
    expect(page.replace(/<script[\s\S]*?<\/script>/g, '')).not.toMatch(/<[^>]+\s(style|on\w+)=/)
  })

  test('nothing is fetched: no address but within the page', () => {
    expect(page.replace(/<script[\s\S]*?<\/script>/g, '')).not.toMatch(/(src|href)="(?!#|data:,")|url\(|@import/)
  })

  test('the policy names the hash of every style and script that it contains', () => {
    const inline = [...page.matchAll(/<(style|script)>([\s\S]*?)<\/\1>/g)].map(([, , text]) => text!)
    expect(inline).toHaveLength(3)
    const code = inflateSync(Buffer.from(/id="code">([^<]*)</.exec(page)![1]!, 'base64')).toString()
    for (const text of [...inline, code])
      expect(page.includes(`sha256-${createHash('sha256').update(text).digest('base64')}`)).toBe(true)
    expect(page).toMatch(/^<!doctype html>/)
  })

  test('stays below 600 kB with ten backends and fourteen scenarios', () => {
    const large = html.render(inventedComparison({ backends: 10, scenarios: 14, gaps: false }))
    expect(Buffer.byteLength(large)).toBeLessThan(600_000)
  })

  test('stays below 600 kB, and a larger one leaves out the rounds of the download', () => {
    expect(Buffer.byteLength(page)).toBeLessThan(600_000)
    expect(packed(page)).toEqual(JSON.parse(JSON.stringify(comparison.run)))
    const large = html.render(inventedComparison({ rounds: 400 }))
    expect(Buffer.byteLength(large)).toBeLessThan(600_000)
    expect(large).toContain('without rounds')
    expect(packed(large).cells.every((cell) => !('rounds' in cell) || cell.rounds.length === 0)).toBe(true)
  })

  test('hostile names make no element', () => {
    const hostile = html.render(inventedComparison({ hostile: true, sources: 2, caveats: 'every' }))
    expect(hostile.includes(HOSTILE)).toBe(false)
    expect(hostile.match(/<script\b/g)).toHaveLength(page.match(/<script\b/g)!.length)
    expect(found(hostile, /<img|<b>brackets/g)).toEqual([])
  })

  test('who answered the polls stands in all reports, and nothing of it where one replica did', () => {
    for (const text of texts(inventedComparison({ hostile: true })).map((one) => one.replaceAll(/\s+/g, ' ')))
      expect(text).toMatch(/polls answered by replicas in .*and 7 by the primary, which count nowhere/)
    for (const text of texts(comparison)) expect(text).not.toContain('polls answered by')
  })

  test('every law stands in all reports, and none of it where no distance was swept', () => {
    for (const text of [visible(html.render(comparison)), markdown.render(comparison), terminal(comparison, 120)]) {
      for (const figure of ['1.01', '0.98–1.03', '21.01', '120 µs', '1.3 %', '2.1 %', 'in process', 'no interval'])
        expect(text).toContain(figure)
      expect(text).toMatch(/nearer than about 1\.4 ms of round trip/)
      expect(text).toMatch(/emulated by tun and a relay/)
    }
    for (const text of texts(inventedComparison({ distance: false }))) expect(text).not.toMatch(/k × RTT/)
  })

  test('every point of a law has its interval beside it, and what the others predict where it lies between them', () => {
    const points = comparison.run.distance!.laws.flatMap((law) => (law.outcome === 'fitted' ? law.points : []))
    expect(points.some(({ lowNs }) => lowNs === null)).toBe(true)
    const [shown, article] = [visible(html.render(comparison)), markdown.render(comparison)]
    for (const { p50Ns, lowNs, highNs, predictedNs } of points) {
      const [p50, interval] = [duration(p50Ns), durationInterval(lowNs, highNs)]
      const predicted = predictedNs === null ? null : `predicted ${duration(predictedNs)}`
      expect(shown).toContain([p50, interval, predicted ?? []].flat().join(' '))
      expect(article).toContain(`${p50} (${interval})${predicted === null ? ' |' : `; ${predicted}`}`)
    }
    for (const text of [shown, article])
      expect(text).toMatch(/p50 that was measured at each distance, with its 95 % interval/)
  })

  test('sections without data say so in one line', () => {
    const empty = visible(html.render(inventedComparison({ failed: true, lag: false, caveats: 'none' })))
    expect(empty).toContain('No rule fired on this run.')
    expect(empty).toContain('No replication lag was measured')
    expect(empty).toContain('There is no tail to show')
    expect(empty).toContain('connection refused by the invented server')
  })

  test('differing answers suppress rank and ratio everywhere', () => {
    const suppressed = inventedComparison({ caveats: 'every' })
    const bodies = found(html.render(suppressed), /<tbody>[\s\S]*?<\/tbody>/g)
      .map(visible)
      .join(' ')
    expect(found(bodies, /★|\d×/g)).toEqual([])
    expect(found(terminal(suppressed), /s +★|\d×/g)).toEqual([])
    expect(found(markdown.render(suppressed), /★|\d×/g)).toEqual([])
  })
})

describe('terminal', () => {
  test.each([80, 100, 120, 160])('fits %d columns', (width) => {
    for (const shape of SHAPES) {
      for (const line of terminal(inventedComparison(shape), width).split('\n'))
        expect(graphemes(line).length, line).toBeLessThanOrEqual(width)
    }
  })

  test('colour changes nothing but colour', () => {
    const comparison = inventedComparison({ hostile: true, sources: 2 })
    const coloured = renderTerminal(comparison, { width: 100, color: true })
    // oxlint-disable-next-line no-control-regex
    expect(coloured.replace(/\u001b\[\d+m/g, '')).toBe(terminal(comparison))
    expect(coloured).not.toBe(terminal(comparison))
  })

  test('names cannot move the cursor', () => {
    expect(terminal(inventedComparison({ hostile: true, sources: 2 })).replaceAll('\n', '')).not.toMatch(
      /[\p{Cc}\u2028]/u,
    )
  })

  test('tells a failure with its remedy and where the report lies', () => {
    const text = renderTerminal(inventedComparison({ failed: true }), {
      width: 100,
      color: false,
      files: ['results/a/report.html'],
    })
    expect(text).toMatch(/failed at connect \(UNREACHABLE\)[\s\S]*firewall/)
    expect(text).toContain('Report  results/a/report.html')
    expect(text.match(/UNREACHABLE/g)!.length).toBeLessThan(10)
  })
})

describe('Markdown', () => {
  test('a name stays in its cell', () => {
    const text = markdown.render(inventedComparison({ hostile: true, sources: 2 }))
    const tables = text.split('\n\n').filter((block) => block.startsWith('| '))
    for (const block of tables) {
      const columns = block.split('\n').map((line) => line.match(/(?<!\\)\|/g)!.length)
      expect(new Set(columns).size).toBe(1)
    }
    expect(found(text.replace(/^```[\s\S]*^```/m, ''), /<(?!\/?sup>).{20}/g)).toEqual([])
  })

  test.each([
    ['a|b', String.raw`a\|b`],
    ['<b>', '&lt;b&gt;'],
    ['line\nbreak', 'line break'],
    ['@everyone https://x.invalid', '&#64;everyone https&#58;//x.invalid'],
    ['[x](y) `c`', String.raw`\[x\](y) \`c\``],
  ])('%j becomes %s', (text, escaped) => expect(escapeMarkdown(text)).toBe(escaped))
})

test('what the analysis makes of a run can be reported', () => {
  for (const shape of SHAPES) {
    for (const text of texts(compare(inventedComparison(shape).run))) {
      expect(found(text, /.{40}(NaN|Infinity|\bundefined\b|\[object ).{20}/g)).toEqual([])
    }
  }
})
