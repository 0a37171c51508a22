import type { FigureFile } from '../../bench/contract/index.ts'
import { escapeMarkdown } from '../markdown-text.ts'

/** Places pictures in a text, each once. */
export class Figures {
  readonly #left: Map<string, FigureFile>

  constructor(files: readonly FigureFile[]) {
    this.#left = new Map(files.map((file) => [file.id, file]))
  }

  /** Those of these that were drawn: as PNG, because not every place shows SVG, and linked to what is sharp at any size. */
  take(...ids: readonly string[]): string[] {
    return ids.flatMap((id) => {
      const file = this.#left.get(id)
      this.#left.delete(id)
      return file === undefined ? [] : [image(file)]
    })
  }

  /** Those that no section has taken. */
  rest(): string[] {
    return this.take(...this.#left.keys())
  }
}

function image({ title, png, svg }: FigureFile): string {
  const picture = `![${escapeMarkdown(title)}](${png})`
  return svg === null ? picture : `[${picture}](${svg})`
}
