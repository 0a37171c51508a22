export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  return [
    tableLine(heads),
    tableLine(heads.map((_, index) => (index === 0 ? ':--' : '--:'))),
    ...rows.map(tableLine),
  ].join('\n')
}

function tableLine(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}

/** Text that Markdown and HTML leave as it is: no table cell, no tag, no link and no mention can be made of it. */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .replace(/[\\`*_[\]|#~!{}]/g, String.raw`\$&`)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('@', '&#64;')
    .replaceAll('://', '&#58;//')
}

/** A code block whose fence is longer than any run of ticks inside. */
export function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}sh\n${text.replace(/[^\P{Cc}\n]/gu, ' ')}\n${fence}`
}
