import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { loadImage } from '@napi-rs/canvas'
import { describe, expect, test } from 'vitest'
import type { CaveatId, Comparison } from '../../bench/contract/index.ts'
import { charts } from '../charts/index.ts'
import { ranOn } from '../method.ts'
import { inventedComparison } from '../testing/fixture.ts'
import type { Shape } from '../testing/shape.ts'
import { HOSTILE } from '../testing/shape.ts'
import { viewOf } from '../view.ts'
import type { Figure } from './index.ts'
import { drawFigures } from './index.ts'
import { inkedShare, pixelsOf } from './testing/likeness.ts'
import { FIGURE_WORDS } from './words.ts'

const svgs = (figures: readonly Figure[]): [string, string][] =>
  figures.flatMap(({ id, content }) => (typeof content === 'string' ? [[id, content]] : []))
const pngs = (figures: readonly Figure[]): [string, Buffer][] =>
  figures.flatMap(({ id, content }) => (typeof content === 'string' ? [] : [[id, content]]))

/** What an SVG writes, in order. */
const textsOf = (svg: string): string =>
  [...svg.matchAll(/<text [^>]*>([^<]*)<\/text>/g)]
    .map(([, text]) =>
      text!.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&'),
    )
    .join(' ')

const digest = (figures: readonly Figure[]): string[] =>
  figures.map(({ fileName, content }) => `${fileName} ${createHash('sha256').update(content).digest('hex')}`)

test.each(Object.keys(charts))('chart %s has words for when it stands alone', (id) => {
  expect(FIGURE_WORDS[id]?.title).toBeTruthy()
})

test('there is a picture of every chart with data, of the matrix, and one for links', async () => {
  const figures = await drawFigures(inventedComparison({ earlier: true }))
  const names = figures.map(({ fileName }) => fileName)
  for (const id of ['ladder', 'tail', 'stale', 'trend', 'matrix'])
    expect(names).toEqual(expect.arrayContaining([`${id}.svg`, `${id}.png`]))
  expect(names).toContain('social.png')
  expect(new Set(names).size).toBe(names.length)
})

describe.each([
  {},
  { backends: 1, scenarios: 1, rounds: 1, operations: 1, lag: false, withNull: false, gaps: false, caveats: 'none' },
  { backends: 12, scenarios: 4 },
  { alike: true },
  { failed: true },
  { hostile: true, caveats: 'every' },
  { loads: true },
  { sources: 3 },
] satisfies Partial<Shape>[])('of %j', (shape) => {
  test('every SVG is whole, says what it is and holds nothing that is not a number', async () => {
    const comparison = inventedComparison(shape)
    for (const [id, svg] of svgs(await drawFigures(comparison))) {
      // What is not well-formed does not load.
      const image = await loadImage(Buffer.from(svg))
      expect(svg, id).toContain(`viewBox="0 0 ${image.width} ${image.height}"`)
      expect(svg, id).toMatch(/<title>[^<]+<\/title><desc>[^<]+<\/desc>/)
      expect(svg, id).not.toMatch(/NaN|Infinity|undefined|\[object/)
      const texts = textsOf(svg)
      expect(texts, id).toContain(`run ${comparison.run.id}`)
      expect(texts, id).toContain(ranOn(comparison.run).slice(0, 20))
    }
  })
})

test('every picture has the simulator’s caveat and the names drawn into it', async () => {
  const figures = svgs(await drawFigures(inventedComparison({ caveats: 'usual' })))
  expect(figures.length).toBeGreaterThanOrEqual(4)
  for (const [id, svg] of figures) {
    expect(textsOf(svg), id).toContain('(a) D1 here is a simulator on this machine, not')
    expect(textsOf(svg), id).toContain('Turso embedded')
  }
})

test.each(['usual', 'every'] as const)(
  'ladder, matrix, distance, lag and tail are written as both, with title, run and main caveats (%s)',
  async (caveats) => {
    const comparison = inventedComparison({ caveats })
    const figures = await drawFigures(comparison)
    for (const id of ['ladder', 'matrix', 'distance', 'lag-cdf', 'lag-timeline', 'stale', 'tail']) {
      expect(figures.filter((one) => one.id === id).map(({ fileName }) => fileName)).toEqual([`${id}.svg`, `${id}.png`])
      const texts = textsOf(svgs(figures).find(([name]) => name === id)![1])
      expect(texts, id).toContain(id === 'matrix' ? 'p50 of every scenario' : FIGURE_WORDS[id]!.title)
      expect(texts, id).toContain(comparison.run.id)
      expect(texts, id).toContain('D1 here is a simulator')
    }
  },
)

/** Caveats that no picture may lose; one has room for four. */
const TOLD: readonly (readonly CaveatId[])[] = [
  ['ANSWERS_DIFFER', 'D1_LOCAL', 'SATURATED', 'RTT_EMULATED'],
  ['REPLICA_STALE', 'DURABILITY_DIFFERS', 'WRITE_FORWARDED', 'HOSTS_DIFFER'],
  ['ERRORS', 'NO_INTERVAL', 'CONTENDED', 'VOLATILE_STORAGE'],
  ['IN_CONTAINER', 'SAME_HOST', 'CLOSED_LOOP', 'PREPARED_EVERY_CALL'],
]

describe('a picture', () => {
  const every = inventedComparison({ scenarios: 2, gaps: false, caveats: 'every', lag: false, distance: false })
  const textsWith = async (comparison: Comparison): Promise<string[]> => {
    const figures = svgs(await drawFigures(comparison))
    return ['ladder', 'matrix', 'tail'].map((wanted) => textsOf(figures.find(([id]) => id === wanted)![1]))
  }

  test.each(TOLD.map((ids) => [ids.join(', '), ids] as const))(
    'tells %s in full, each with its letter',
    async (_, ids) => {
      const comparison = { ...every, caveats: every.caveats.filter(({ id }) => ids.includes(id)) }
      const { notes } = viewOf(comparison)
      expect(notes).toHaveLength(ids.length)
      for (const texts of await textsWith(comparison)) {
        for (const { id, letter, title } of notes) {
          // It names them shorter than the report does.
          const words =
            id === 'RTT_EMULATED' ? 'The distance to Postgres, 1 ms away and Postgres, 60 ms away is emulated.' : title
          expect(texts).toContain(`(${letter}) ${words}`)
        }
      }
    },
  )

  test('counts all others', async () => {
    const comparison = { ...every, caveats: every.caveats.filter(({ id }) => !TOLD.flat().includes(id)) }
    for (const texts of await textsWith(comparison))
      expect(texts).toContain(`${comparison.caveats.length} caveats in the report.`)
  })
})

test('the picture of distances names every scenario and every backend that it draws', async () => {
  const invented = inventedComparison()
  const { run } = invented
  const write = run.scenarios.find(({ kind }) => kind === 'write')!
  const study = run.distance!
  const laws = study.laws.map((law) => (law.scenario === 'range-read' ? { ...law, scenario: write.id } : law))
  const figures = await drawFigures({ ...invented, run: { ...run, distance: { ...study, laws, crossings: [] } } })
  const texts = textsOf(svgs(figures).find(([id]) => id === 'distance')![1])
  expect(texts).toContain(`Latency by distance: One row by primary key and ${write.title}`)
  // A line may end anywhere.
  expect(texts).toMatch(/The distances were emulated by tun and a relay.*Untrue to a real network/)
  // In process, at any distance alike.
  expect(texts).toContain('SQLite in process')
})

test('the PNG is drawn as the SVG is, so that neither has a caveat less', async () => {
  const figures = await drawFigures(inventedComparison())
  for (const [id, svg] of svgs(figures)) {
    const png = pngs(figures).find(([name]) => name === id)![1]
    const image = await loadImage(Buffer.from(svg))
    const { width, height } = await pixelsOf(png)
    expect([width, height], id).toEqual([image.width * 2, image.height * 2])
    // Caveats and source stand at the foot.
    expect(inkedShare(await pixelsOf(png), { top: 1 - 70 / image.height, bottom: 1 }), id).toBeGreaterThan(0.02)
  }
})

test('names are text and never markup', async () => {
  const figures = svgs(await drawFigures(inventedComparison({ hostile: true, caveats: 'every' })))
  for (const [id, svg] of figures) {
    const elements = new Set([...svg.matchAll(/<(\w+)/g)].map(([, name]) => name))
    expect(
      [...elements].filter(
        (name) =>
          ![
            'svg',
            'title',
            'desc',
            'g',
            'rect',
            'path',
            'text',
            'clipPath',
            'line',
            'ellipse',
            'circle',
            'polygon',
            'polyline',
          ].includes(name!),
      ),
      id,
    ).toEqual([])
    const tags = [...svg.matchAll(/<[^>]+>/g)].map(([tag]) => tag).join('')
    expect(tags.match(/\son\w+=|href=/g), id).toBeNull()
    expect(/\p{Cc}/u.test(svg.trimEnd()), id).toBe(false)
  }
  expect(textsOf(figures.find(([id]) => id === 'ladder')![1])).toContain(HOSTILE.slice(0, 20))
})

test('in any script, in any direction', async () => {
  const titles = ['שרת מסד נתונים', '👩‍👩‍👧‍👦'.repeat(30), 'データベース', 'e\u0301'.repeat(80), '\u202egnorw', '\ud800']
  const invented = inventedComparison()
  const named = new Map(invented.run.backends.map(({ id }, place) => [id, titles[place] ?? id]))
  const rename = <T extends { id: string }>(backend: T): T => ({ ...backend, title: named.get(backend.id)! })
  const figures = await drawFigures({
    ...invented,
    run: { ...invented.run, backends: invented.run.backends.map(rename) },
    rankings: invented.rankings.map((ranking) => ({
      ...ranking,
      rows: ranking.rows.map((row) => ({ ...row, backend: rename(row.backend) })),
    })),
  })
  const [, ladder] = svgs(figures).find(([id]) => id === 'ladder')!
  expect(textsOf(ladder)).toContain('שרת מסד נתונים')
  expect(textsOf(ladder)).toContain('データベース')
  await expect(loadImage(Buffer.from(ladder))).resolves.toBeDefined()
})

test('the picture for links is 1200 × 630, and letters are really drawn: head, chart and foot', async () => {
  const [, social] = pngs(await drawFigures(inventedComparison())).find(([id]) => id === 'social')!
  const pixels = await pixelsOf(social)
  expect([pixels.width, pixels.height]).toEqual([1200, 630])
  expect(inkedShare(pixels, { top: 0.05, bottom: 0.14 })).toBeGreaterThan(0.03)
  expect(inkedShare(pixels, { top: 0.25, bottom: 0.75 })).toBeGreaterThan(0.02)
  expect(inkedShare(pixels, { top: 0.85, bottom: 0.97 })).toBeGreaterThan(0.03)
  expect(inkedShare(pixels, { top: 0, bottom: 0.04 })).toBe(0)
})

test('a dark theme has another ground and no ink of the light one', async () => {
  const [, light] = svgs(await drawFigures(inventedComparison()))[0]!
  const [, dark] = svgs(await drawFigures(inventedComparison(), 'dark'))[0]!
  expect(light).toContain('#1a1e23')
  expect(dark).not.toContain('#1a1e23')
  expect(textsOf(dark)).toBe(textsOf(light))
})

test('the same comparison gives the same bytes, in this process and in another', async () => {
  const here = digest(await drawFigures(inventedComparison()))
  expect(digest(await drawFigures(structuredClone(inventedComparison())))).toEqual(here)
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [fileURLToPath(new URL('testing/digest.ts', import.meta.url))],
    {
      encoding: 'utf8',
    },
  )
  expect(stderr).toBe('')
  expect(stdout.trim().split('\n')).toEqual(here)
  expect(digest(await drawFigures(inventedComparison({}, 2)))).not.toEqual(here)
})

test('nothing measured, nothing drawn', async () => {
  expect(await drawFigures(inventedComparison({ failed: true, lag: false }))).toEqual([])
})
