/** The two SQL dialects that all adapters speak. */
export type Dialect = 'sqlite' | 'postgres'

/** What may be bound to a parameter. Integers above 2^53 are `bigint`. */
export type Value = null | number | bigint | string | Uint8Array

/** What a driver gives back for one row. `verify` settles how values of different drivers compare. */
export type Row = Readonly<Record<string, unknown>>
export type Rows = readonly Row[]

/**
 * SQL text with parameters `$1, $2, ...`, counted up and each used once,
 * or one text a dialect where they really differ.
 */
export type Statement = string | Readonly<Record<Dialect, string>>

/** One statement text with its arguments. */
export type Call = readonly [text: string, args: readonly Value[]]

const NUMBERED = /\$(\d+)/g

/**
 * The text of a statement in a dialect. SQLite gets bare `?`, because better-sqlite3 takes `?1` for a name;
 * that is the same thing as long as parameters count up, which is checked here.
 */
export function textFor(statement: Statement, dialect: Dialect): string {
  const text = typeof statement === 'string' ? statement : statement[dialect]
  let expected = 1
  for (const [found, number] of text.matchAll(NUMBERED)) {
    if (Number(number) !== expected) {
      throw new TypeError(`parameter ${found} stands where $${expected} is due in: ${text}`)
    }
    expected += 1
  }
  return dialect === 'sqlite' ? text.replace(NUMBERED, '?') : text
}

/** An identifier, quoted so that no name can leave its quotes. Both dialects quote alike. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
