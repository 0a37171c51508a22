import { existsSync, globSync, readdirSync, rmSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import type { GalleryEntry, GalleryFiles } from '../reports/gallery.ts'
import { galleryFiles, galleryIndex } from '../reports/gallery.ts'
import { drawFigures } from '../reports/figures/index.ts'
import { shippedClaims } from './commands/claims-file.ts'
import { comparisonOf, loadFinished } from './commands/common.ts'
import type { Comparison } from './contract/index.ts'
import { SqlatencyError } from './contract/index.ts'
import { writeAtomically } from './run/files.ts'

const NAME = /^[a-z\d][a-z\d-]*$/

/** Names of the runs in a gallery. */
export function galleryNames(gallery: string): string[] {
  if (!existsSync(gallery)) return []
  return readdirSync(gallery)
    .filter((name) => existsSync(join(gallery, name, 'run.json')))
    .toSorted()
}

/** Paths of all files of a folder, within it. */
export const filesIn = (folder: string): string[] =>
  globSync('**', { cwd: folder, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .toSorted()

interface Rendered {
  readonly comparison: Comparison
  readonly files: GalleryFiles
}

/** All that a gallery holds of a stored run; no sample is read, unless the run was killed before it had estimates. */
export async function renderForGallery(folder: string): Promise<Rendered> {
  const { run } = loadFinished('.', folder)
  const comparison = comparisonOf(run, shippedClaims())
  const figures = await drawFigures(comparison)
  // On one line: a diff of a run says nothing, and indentation is a third of its size.
  return { comparison, files: galleryFiles({ run: `${JSON.stringify(run)}\n`, comparison, figures }) }
}

/**
 * Puts runs into a gallery, makes those that are there again, and writes the index.
 * @param added `folder` or `name=folder`; without a name that of its plan
 * @throws SqlatencyError USAGE, RUN_NOT_FOUND, RUN_UNREADABLE, NO_CANVAS
 */
export async function writeGallery(gallery: string, added: readonly string[]): Promise<GalleryEntry[]> {
  const sources = new Map(galleryNames(gallery).map((name) => [name, join(gallery, name)]))
  for (const one of added) {
    const [, given, folder] = /^(?:([^=/]+)=)?(.+)$/.exec(one)!
    const name = given ?? loadFinished('.', folder!).run.plan.name
    if (!NAME.test(name))
      throw new SqlatencyError(
        'USAGE',
        `"${name}" is no name for a folder of the gallery: put one of lower-case letters, digits and hyphens before it, as in my-run=${basename(folder!)}.`,
      )
    sources.set(name, folder!)
  }
  const entries: GalleryEntry[] = []
  for (const [name, folder] of [...sources].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const rendered = await renderForGallery(folder)
    for (const [file, content] of rendered.files) writeAtomically(join(gallery, name, file), content)
    for (const file of filesIn(join(gallery, name))) if (!rendered.files.has(file)) rmSync(join(gallery, name, file))
    entries.push({ name, ...rendered })
  }
  writeAtomically(join(gallery, 'README.md'), galleryIndex(entries))
  return entries
}
