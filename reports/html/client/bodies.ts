/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/** Shows changed copies of the bodies of tables, and puts the originals back untouched. */
export class Bodies {
  readonly #originals = new Map<HTMLTableElement, HTMLTableSectionElement>()

  change(table: HTMLTableElement, edit: (copy: HTMLTableSectionElement) => void): void {
    const original = this.#originals.get(table) ?? table.tBodies[0]
    if (original === undefined) return
    const copy = original.cloneNode(true) as HTMLTableSectionElement
    edit(copy)
    table.tBodies[0]!.replaceWith(copy)
    this.#originals.set(table, original)
  }

  restore(): void {
    for (const [table, original] of this.#originals) table.tBodies[0]?.replaceWith(original)
    this.#originals.clear()
  }
}

export function element(name: string, kind: string, text: string): HTMLElement {
  const made = document.createElement(name)
  if (kind !== '') made.className = kind
  made.textContent = text
  return made
}
