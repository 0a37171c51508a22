import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { largestDifference, pixelsOf } from '../reports/figures/testing/likeness.ts'
import { galleryIndex } from '../reports/gallery.ts'
import { inventedComparison } from '../reports/testing/fixture.ts'
import type { Shape } from '../reports/testing/shape.ts'
import { filesIn, galleryNames, renderForGallery, writeGallery } from './gallery.ts'

const COMMITTED = fileURLToPath(new URL('../docs/gallery', import.meta.url))
const AGAIN = 'what is committed is not what its run.json gives now; look at it, then: npm run gallery'
/** Rasterisers of different machines disagree about letters by less. */
const LIMIT = 21

/** The first thing that differs, in words: whole pages in a failure help nobody. @param excepted files that may differ */
async function difference(gallery: string, name: string, excepted: readonly string[] = []): Promise<string | null> {
  const { files } = await renderForGallery(join(gallery, name))
  const there = filesIn(join(gallery, name))
  if (there.join() !== [...files.keys()].toSorted().join()) return `files: ${there.join(' ')}`
  for (const [file, content] of files) {
    if (excepted.includes(file)) continue
    const path = join(gallery, name, file)
    const alike =
      typeof content === 'string'
        ? readFileSync(path, 'utf8') === content
        : largestDifference(await pixelsOf(readFileSync(path)), await pixelsOf(content)) < LIMIT
    if (!alike) return path
  }
  return null
}

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sqlatency-gallery-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function stored(name: string, shape: Partial<Shape>): string {
  const path = join(folder, name)
  mkdirSync(join(path, 'samples'), { recursive: true })
  writeFileSync(join(path, 'run.json'), JSON.stringify(inventedComparison(shape).run, null, 1))
  writeFileSync(join(path, 'samples', '0.bin'), 'raw')
  return path
}

const of = (name: string): string => join(folder, name)

describe('a gallery', () => {
  test('holds data, page, article and figures of each run, without samples, and an index that leads to all', async () => {
    const gallery = of('docs')
    await writeGallery(gallery, [stored('first', {}), `small=${stored('second', { backends: 2, scenarios: 3 })}`])
    expect(galleryNames(gallery)).toEqual(['invented', 'small'])
    const index = readFileSync(join(gallery, 'README.md'), 'utf8')
    const links = [...index.matchAll(/\]\(([^)]+)\)/g)].map(([, target]) => target!)
    expect(links.length).toBeGreaterThan(8)
    for (const name of ['invented', 'small']) {
      const files = filesIn(join(gallery, name))
      expect(files).toEqual(
        expect.arrayContaining(['figures/ladder.svg', 'figures/social.png', 'report.html', 'report.md', 'run.json']),
      )
      expect(
        files.filter((file) => /sample|\.bin$/.test(file) || (file.endsWith('.png') && !file.endsWith('social.png'))),
      ).toEqual([])
      expect(links).toEqual(expect.arrayContaining([`${name}/report.md`, `${name}/report.html`, `${name}/run.json`]))
      const article = readFileSync(join(gallery, name, 'report.md'), 'utf8')
      const pictures = [...article.matchAll(/!\[[^\]]*\]\(([^)]+)\)/g)].map(([, target]) => target!)
      expect(pictures.length).toBeGreaterThan(4)
      for (const picture of pictures) expect(existsSync(join(gallery, name, picture)), picture).toBe(true)
    }
    for (const target of links) expect(existsSync(join(gallery, target)), target).toBe(true)
    expect(index).toContain('npm run gallery')
    expect(index).toMatch(/```[\s\S]*npx sqlatency run --plan invented/)
  })

  test('made again from what it holds it is the same, to the byte, and old files go', async () => {
    const gallery = of('again')
    await writeGallery(gallery, [stored('third', { backends: 3, scenarios: 2 })])
    const before = filesIn(gallery).map((file) => [file, readFileSync(join(gallery, file), 'base64')])
    writeFileSync(join(gallery, 'invented', 'figures', 'old.svg'), '')
    expect(await difference(gallery, 'invented')).toContain('old.svg')
    await writeGallery(gallery, [])
    expect(filesIn(gallery).map((file) => [file, readFileSync(join(gallery, file), 'base64')])).toEqual(before)
    expect(await difference(gallery, 'invented')).toBeNull()
    const page = join(gallery, 'invented', 'report.html')
    writeFileSync(page, readFileSync(page, 'utf8').replace('sqlatency', 'SQLatency'))
    expect(await difference(gallery, 'invented')).toBe(page)
  })

  test('a name leads nowhere but into it', async () => {
    for (const name of ['..', '.', 'A b', '-x'])
      await expect(writeGallery(of('names'), [`${name}=${stored('fourth', { backends: 1 })}`])).rejects.toThrow(
        /is no name/,
      )
    expect(existsSync(of('names'))).toBe(false)
    await expect(writeGallery(of('names'), ['nowhere'])).rejects.toThrow(/no run "nowhere"/)
  })
})

// As many tests as there are runs; none before the first is committed.
/** A page is that of the day when it was made: each change of its style would bring half a megabyte into the repository. */
const OF_THEIR_DAY = ['report.html']

test('what is committed is what its run.json gives, and small', async () => {
  const names = galleryNames(COMMITTED)
  const entries = []
  for (const name of names) {
    expect(await difference(COMMITTED, name, OF_THEIR_DAY), AGAIN).toBeNull()
    entries.push({ name, ...(await renderForGallery(join(COMMITTED, name))) })
    expect(readFileSync(join(COMMITTED, name, 'report.html')).length).toBeLessThan(600_000)
  }
  if (names.length > 0) expect(readFileSync(join(COMMITTED, 'README.md'), 'utf8'), AGAIN).toBe(galleryIndex(entries))
})
