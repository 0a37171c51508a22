import type { ArgsDef } from 'citty'
import { closest, distance } from 'fastest-levenshtein'
import { SqlatencyError } from '../contract/index.ts'

/** Every flag must be known: a misspelt one that is ignored measures something else than was asked for. */
export function checkFlags(rawArgs: readonly string[], known: ArgsDef): void {
  const names = Object.entries(known).flatMap(([name, { type, ...rest }]) => {
    if (type === 'positional') return []
    const alias = 'alias' in rest && rest.alias !== undefined ? [rest.alias].flat() : []
    return [name, ...alias, ...(type === 'boolean' ? [`no-${name}`] : [])]
  })
  const values = new Set(Object.entries(known).flatMap(([name, { type }]) => (type === 'boolean' ? [] : [name])))
  const positionals = Object.values(known).filter(({ type }) => type === 'positional').length
  let found = 0
  for (let n = 0; n < rawArgs.length; n += 1) {
    const arg = rawArgs[n]!
    if (arg === '--') break
    if (!arg.startsWith('-')) {
      found += 1
      if (found > positionals) throw new SqlatencyError('USAGE', `"${arg}" is not expected here.`)
      continue
    }
    const [flag] = arg.replace(/^--?/, '').split('=', 1) as [string]
    if (!names.includes(flag))
      throw unknownName(
        'flag',
        `--${flag}`,
        names.map((name) => `--${name}`),
      )
    const main = mainName(flag, known)
    if (!values.has(main) || arg.includes('=')) continue
    const value = rawArgs[n + 1]
    if (value === undefined || (value.startsWith('-') && value.length > 1))
      throw new SqlatencyError('USAGE', `--${main} needs a value.`)
    n += 1
  }
}

function mainName(flag: string, known: ArgsDef): string {
  const found = Object.entries(known).find(([name, definition]) => {
    if (name === flag) return true
    return 'alias' in definition && [definition.alias].flat().includes(flag)
  })
  return found?.[0] ?? flag
}

/** "No such thing", with the nearest that exists. */
export function unknownName(kind: string, name: string, known: readonly string[]): SqlatencyError {
  const nearest = known.length === 0 ? '' : closest(name, [...known])
  const isNear = nearest !== '' && distance(name, nearest) <= Math.max(3, name.length / 2)
  const suggestion = isNear ? `Did you mean ${nearest}?` : `There are: ${known.join(', ')}.`
  return new SqlatencyError('UNKNOWN_NAME', `There is no ${kind} ${name}.`, { suggestion })
}

export const list = (text: string | undefined): string[] | undefined =>
  text
    ?.split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')

const UNITS: Readonly<Record<string, number>> = { ns: 1, us: 1e3, ms: 1e6, s: 1e9, m: 60e9 }

/** `300ms`, `2s`, `1m` in nanoseconds. */
export function durationNs(name: string, text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ns|us|ms|s|m)$/.exec(text.trim())
  const value = match === null ? Number.NaN : Number(match[1]) * UNITS[match[2]!]!
  if (!(value > 0)) throw new SqlatencyError('USAGE', `${name} is "${text}"; write a duration such as 300ms or 2s.`)
  return value
}

export function wholeNumber(name: string, text: string, least: number): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < least)
    throw new SqlatencyError('USAGE', `${name} is "${text}"; write a whole number of at least ${least}.`)
  return value
}

export function positiveNumber(name: string, text: string): number {
  const value = Number(text)
  if (!(value > 0) || !Number.isFinite(value))
    throw new SqlatencyError('USAGE', `${name} is "${text}"; write a number above 0.`)
  return value
}

/** `3%` or `0.03`. */
export function fraction(name: string, text: string): number {
  const value = text.trim().endsWith('%') ? Number(text.trim().slice(0, -1)) / 100 : Number(text)
  if (!(value > 0 && value < 1))
    throw new SqlatencyError('USAGE', `${name} is "${text}"; write a part of one such as 0.03 or 3%.`)
  return value
}
