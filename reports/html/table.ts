import type { Content, Markup } from './markup.ts'
import { NOTHING, html } from './markup.ts'

export interface Column {
  readonly label: string
  readonly content?: Content
  /** `text` is aligned left. */
  readonly kind?: 'number' | 'text'
}

export interface Cell {
  readonly content: Content
  readonly kind?: string
  /** Backend of a column, for the chips. */
  readonly backend?: number
}

export interface Row {
  readonly head: Content
  readonly cells: readonly (Content | Cell)[]
  /** Backend of the whole row, for the chips. */
  readonly backend?: number
}

/**
 * A table that narrow screens show as cards. The page's script gives every cell its column's name and its role for that;
 * without scripts it scrolls sideways.
 */
export function table(options: {
  readonly kind: string
  readonly caption: Content
  /** What concerns all of it, and stands above: a link within the caption would be no part of a table. */
  readonly marks?: Content
  readonly columns: readonly [Column, ...(Column & { readonly backend?: number })[]]
  readonly rows: readonly Row[]
}): Markup {
  const [first, ...columns] = options.columns
  return html`${options.marks ?? null}
    <div class="scroll">
      <table class="${options.kind}">
        <caption>
          ${options.caption}
        </caption>
        <thead>
          <tr>
            <th scope="col" class="text">${first.content ?? first.label}</th>
            ${columns.map(
              (column) =>
                html`<th scope="col" ${classOf(column.kind)}${dataBackend(column.backend)}>
                  ${column.content ?? column.label}
                </th>`,
            )}
          </tr>
        </thead>
        <tbody>
          ${options.rows.map(
            (row) =>
              html`<tr${dataBackend(row.backend)}><th scope="row">${row.head}</th>${row.cells.map((given, index) => {
                const cell = isCell(given) ? given : { content: given }
                const column = columns[index]
                const kinds = [column?.kind, cell.kind]
                  .filter((kind) => kind !== undefined && kind !== 'number')
                  .join(' ')
                return html`<td${classOf(kinds)}${dataBackend(cell.backend)}>${cell.content}</td>`
              })}</tr>
`,
          )}
        </tbody>
      </table>
    </div>`
}

function isCell(given: Content | Cell): given is Cell {
  return typeof given === 'object' && given !== null && 'content' in given
}

function classOf(kind: string | undefined): Markup {
  return kind === undefined || kind === '' || kind === 'number' ? NOTHING : html` class="${kind}"`
}

function dataBackend(backend: number | undefined): Markup {
  return backend === undefined ? NOTHING : html` data-backend="${backend}"`
}
