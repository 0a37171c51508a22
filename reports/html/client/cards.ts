/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/**
 * Prepares tables for narrow screens, where the style sheet shows a row as a card: a cell needs its column's name,
 * and roles have to be spelt out, because `display: grid` takes them away.
 */
export function prepareCards(): void {
  for (const table of document.querySelectorAll('table')) {
    const labels = [...table.querySelectorAll('thead th')].map((head) => head.textContent.trim())
    table.setAttribute('role', 'table')
    for (const group of table.querySelectorAll('thead, tbody')) group.setAttribute('role', 'rowgroup')
    for (const head of table.querySelectorAll('thead th')) head.setAttribute('role', 'columnheader')
    for (const row of table.querySelectorAll('tr')) {
      row.setAttribute('role', 'row')
      row.querySelector('th[scope=row]')?.setAttribute('role', 'rowheader')
      for (const [index, cell] of row.querySelectorAll('td').entries()) {
        cell.setAttribute('role', 'cell')
        cell.dataset['label'] = labels[index + 1] ?? ''
      }
    }
  }
}
