import { sha256 } from './guard.ts'

/** Hexadecimal digits of a text's SHA-256 that make its name. 64 bits: two of a thousand texts collide once in 10^13 bundles. */
export const NAME_DIGITS = 16

/** The allow-list: statement texts by name. Throws a TypeError when two texts share a name. */
export async function nameTexts(texts: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const distinct = [...new Set(texts)]
  const names = new Map(await Promise.all(distinct.map(async (text) => [await nameOf(text), text] as const)))
  if (names.size !== distinct.length) throw new TypeError('two statements have the same name')
  return names
}

async function nameOf(text: string): Promise<string> {
  const digits = Array.from(new Uint8Array(await sha256(text)), (byte) => byte.toString(16).padStart(2, '0'))
  return digits.join('').slice(0, NAME_DIGITS)
}
