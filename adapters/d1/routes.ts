import type { Question, Rows } from '../../bench/contract/index.ts'
import { Refusal } from './guard.ts'
import { argsFromWire, rowsToWire } from './values.ts'

/** What the Worker and `sqlatency serve` share: the wire format of operations. Needs nothing but what Node and Workers have. */

export type Body = Readonly<Record<string, unknown>>
export type Routes<Context> = Readonly<Record<string, (body: Body, context: Context) => unknown>>

/** Runs a scenario by its name; undefined where there is none of that name. */
export interface Operations {
  operation(scenario: string): ((question: Question) => Rows | Promise<Rows>) | undefined
}

/** Routes of every face: a request that does nothing, and one operation of a scenario that is known by name. */
export const operationRoutes: Routes<Operations> = {
  '/empty': () => [],
  '/operation': async ({ scenario, question }, operations) => {
    const operation = operations.operation(stringOf(scenario, 'scenario'))
    if (operation === undefined)
      throw new Refusal(404, 'UNKNOWN_OPERATION', `there is no scenario "${shown(scenario)}" here`)
    return rowsToWire(await operation(argsOf(question) as Question))
  },
}

/** A function that answers a path, or a refusal. */
export function routeOf<Context>(routes: Routes<Context>, path: string): Routes<Context>[string] {
  if (!Object.hasOwn(routes, path)) throw new Refusal(404, 'UNKNOWN_PATH', 'there is nothing at this path')
  return routes[path]!
}

export function requirePost(method: string | undefined): void {
  if (method !== 'POST') throw new Refusal(405, 'METHOD_NOT_ALLOWED', 'only POST is served')
}

/** A name as a refusal repeats it: no longer than a name is. */
export const shown = (name: unknown): string => String(name).slice(0, 64)

export const isObject = (value: unknown): value is Body => typeof value === 'object' && value !== null

export function bodyOf(text: string): Body {
  try {
    const body: unknown = text === '' ? {} : JSON.parse(text)
    if (isObject(body)) return body
  } catch {
    // Answered below like any other body that is no object.
  }
  throw new Refusal(400, 'BAD_REQUEST', 'the body must be a JSON object')
}

export function stringOf(value: unknown, name: string): string {
  if (typeof value !== 'string') throw new Refusal(400, 'BAD_REQUEST', `${name} must be a string`)
  return value
}

export function argsOf(value: unknown): unknown {
  if (!Array.isArray(value)) throw new Refusal(400, 'BAD_REQUEST', 'arguments must be an array')
  return argsFromWire(value)
}
