import type { Comparison, FigureFile } from '../contract/index.ts'
import { SqlatencyError } from '../contract/index.ts'
import type { Store } from '../run/store.ts'

/** Within the folder of the run. */
export const FIGURES_FOLDER = 'figures'

/**
 * Draws every chart beside the run, and a picture for links.
 * What draws is loaded here and not before: no other command has a use for it.
 * @returns what reports may show
 * @throws SqlatencyError NO_CANVAS where nothing can be drawn
 */
export async function writeFigures(comparison: Comparison, store: Store, theme: string): Promise<FigureFile[]> {
  const { drawFigures, isTheme } = await import('../../reports/figures/index.ts')
  if (!isTheme(theme)) throw new SqlatencyError('USAGE', `--theme is "${theme}"; there are light and dark.`)
  const drawn = await drawFigures(comparison, theme)
  for (const { fileName, content } of drawn) store.write(`${FIGURES_FOLDER}/${fileName}`, content)
  const pathOf = (id: string, type: string): string | null => {
    const found = drawn.find(({ fileName }) => fileName === `${id}.${type}`)
    return found === undefined ? null : `${FIGURES_FOLDER}/${found.fileName}`
  }
  return drawn
    .filter(({ id, fileName }) => id !== 'social' && fileName.endsWith('.png'))
    .map(({ id, title, fileName }) => ({ id, title, png: `${FIGURES_FOLDER}/${fileName}`, svg: pathOf(id, 'svg') }))
}
