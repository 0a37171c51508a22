import { createHash } from 'node:crypto'
import type { Rows } from '../contract/index.ts'

/**
 * One form for the same answer from every driver. Settled here and nowhere else:
 * columns compare by name; booleans are 0 and 1; integers are equal whether they come as number, bigint or digits;
 * floats are equal to 15 significant digits; JSON is equal whatever its key order and whether parsed or text;
 * bytes are hex; a result without ORDER BY is a set.
 */
export function canonicalRows(rows: Rows, ordered: boolean): string[] {
  const lines = rows.map((row) =>
    Object.keys(row)
      .sort()
      .map((name) => `${JSON.stringify(name)}: ${canonicalValue(row[name])}`)
      .join(', '),
  )
  return ordered ? lines : lines.toSorted()
}

const DIGITS = /^-?(0|[1-9]\d*)$/
const DECIMALS = /^-?\d+\.\d+$/

export function canonicalValue(value: unknown): string {
  if (value === null || value === undefined) return 'null'
  if (typeof value === 'boolean') return value ? '1' : '0'
  if (typeof value === 'bigint') return String(value)
  if (typeof value === 'number') return canonicalNumber(value)
  if (typeof value === 'string') return canonicalText(value)
  if (value instanceof Date) return JSON.stringify(value.toISOString())
  if (value instanceof ArrayBuffer) return canonicalValue(new Uint8Array(value))
  if (ArrayBuffer.isView(value)) {
    return `x'${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex')}'`
  }
  return sortedJson(value)
}

function canonicalNumber(value: number): string {
  if (!Number.isFinite(value)) return String(value)
  return Number.isInteger(value) ? BigInt(value).toString() : String(Number(value.toPrecision(15)))
}

function canonicalText(text: string): string {
  if (DIGITS.test(text)) return text === '-0' ? '0' : text
  if (DECIMALS.test(text)) return canonicalNumber(Number(text))
  if (text.startsWith('{') || text.startsWith('[')) {
    try {
      return sortedJson(JSON.parse(text))
    } catch {
      // Text that only looks like JSON.
    }
  }
  return JSON.stringify(text)
}

function sortedJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(sortedJson).join(', ')}]`
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
    return `{${entries.map(([name, inner]) => `${JSON.stringify(name)}: ${sortedJson(inner)}`).join(', ')}}`
  }
  return typeof value === 'number' ? canonicalNumber(value) : JSON.stringify(value)
}

export function digest(lines: Iterable<string>): string {
  const hash = createHash('sha256')
  for (const line of lines) hash.update(line).update('\n')
  return hash.digest('hex').slice(0, 16)
}
