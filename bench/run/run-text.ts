/** Brackets around nothing but figures. A text holds no raw line break in JSON, so neither form can be found within one. */
const FIGURE = String.raw`(?:-?\d[\d.eE+-]*|true|false|null)`
const ROWS = new RegExp(String.raw`\[\n\s*(?:${FIGURE},\n\s*)*${FIGURE}\n\s*\]`, 'g')
const ROW = String.raw`\[(?:${FIGURE},)*${FIGURE}?\]`
const FIELD = String.raw`"\w+": (?:${FIGURE}|${ROW})`
const RECORDS = new RegExp(String.raw`\{\n\s*(?:${FIELD},\n\s*)*${FIELD}\n\s*\}`, 'g')

const onOneLine = (lines: string): string => lines.replaceAll(/\n\s*/g, '')

/** A run as it is stored: indented, but for rows and records of figures alone, which have a line each. */
export function runText(run: unknown): string {
  return `${JSON.stringify(run, null, 1).replace(ROWS, onOneLine).replace(RECORDS, onOneLine)}\n`
}
