/**
 * Values as they travel in JSON between client and Worker: bytes as `{ "$bytes": base64 }`, everything else as itself.
 * Runs on both sides, so it needs nothing but what Node and Workers share.
 */

interface WireBytes {
  readonly $bytes: string
}

/** Bytes that `String.fromCharCode` takes at once without exhausting the stack. */
const CHUNK = 8192

/**
 * Arguments (tuples, also nested) for the wire.
 * Throws a TypeError for what JSON would change silently: unsafe integers and numbers that are not finite.
 */
export function argsToWire(value: unknown): unknown {
  switch (typeof value) {
    case 'bigint': {
      const number = Number(value)
      if (!Number.isSafeInteger(number))
        throw new TypeError(`integer ${value} is above 2^53 and cannot travel to D1 unchanged`)
      return number
    }
    case 'number':
      if (!Number.isFinite(value)) throw new TypeError(`${value} cannot travel to D1, which takes finite numbers only`)
      return value
    case 'object':
      if (Array.isArray(value)) return value.map(argsToWire)
      return value instanceof Uint8Array ? wireBytes(value) : value
    default:
      return value
  }
}

/** Arguments from the wire. Everything that is not bytes stays as it was parsed. */
export function argsFromWire(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(argsFromWire)
  return isWireBytes(value) ? bytesOf(value) : value
}

/** Rows for the wire. Rows without bytes, which is nearly all of them, are not copied. */
export function rowsToWire(rows: readonly object[]): readonly object[] {
  return rows.some(holdsBytes)
    ? rows.map((row) => mapRow(row, (value) => (value instanceof Uint8Array ? wireBytes(value) : value)))
    : rows
}

/** Rows from the text of an answer. SQLite has no object values, so an object can only be bytes. */
export function rowsFromWire(text: string): unknown {
  const rows: unknown = JSON.parse(text)
  if (!text.includes('"$bytes"') || !Array.isArray(rows)) return rows
  return rows.map((row: object) => mapRow(row, (value) => (isWireBytes(value) ? bytesOf(value) : value)))
}

/** D1 hands BLOBs out as arrays of numbers; other drivers hand out bytes. Rows without BLOBs are not copied. */
export function rowsFromD1<Row extends object>(rows: readonly Row[]): readonly Row[] {
  if (!rows.some((row) => Object.values(row).some(isArrayOrBuffer))) return rows
  return rows.map((row) => mapRow(row, (value) => (isArrayOrBuffer(value) ? new Uint8Array(value) : value)) as Row)
}

const isArrayOrBuffer = (value: unknown): value is number[] | ArrayBuffer =>
  Array.isArray(value) || value instanceof ArrayBuffer

const holdsBytes = (row: object): boolean => Object.values(row).some((value) => value instanceof Uint8Array)

const isWireBytes = (value: unknown): value is WireBytes =>
  typeof value === 'object' && value !== null && '$bytes' in value && typeof value.$bytes === 'string'

function mapRow(row: object, change: (value: unknown) => unknown): object {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, change(value)]))
}

function wireBytes(bytes: Uint8Array): WireBytes {
  let binary = ''
  for (let start = 0; start < bytes.length; start += CHUNK)
    binary += String.fromCharCode(...bytes.subarray(start, start + CHUNK))
  return { $bytes: btoa(binary) }
}

function bytesOf(wire: WireBytes): Uint8Array {
  return Uint8Array.from(atob(wire.$bytes), (character) => character.charCodeAt(0))
}
