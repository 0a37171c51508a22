import type { AsyncQuery, AsyncSession, Call, Row, Value } from '../../bench/contract/index.ts'
import { rowsFromD1 } from './values.ts'

/** The part of Cloudflare's D1 binding that is used here. */
export interface D1Binding {
  prepare(text: string): D1Statement
  batch(statements: readonly D1Statement[]): Promise<readonly D1Result[]>
  /** Takes `first-primary`, `first-unconstrained` or a bookmark. */
  withSession(start: string): D1Session
}

export interface D1Session {
  prepare(text: string): D1Statement
  batch(statements: readonly D1Statement[]): Promise<readonly D1Result[]>
  /** Null before the first query. */
  getBookmark(): string | null
}

export interface D1Statement {
  bind(...args: readonly unknown[]): D1Statement
  all(): Promise<D1Result>
}

export interface D1Result {
  readonly results: readonly Row[]
  readonly meta: Readonly<Record<string, unknown>>
}

/** D1's limit a statement. The local simulator takes more, so it is held here, or local runs would promise what D1 refuses. */
const PARAMETERS_PER_STATEMENT = 100

/** What D1 tells of where a query ran; absent locally where the simulator has nothing to tell. */
const PLACES = ['served_by', 'served_by_region', 'served_by_colo', 'served_by_primary'] as const

/** The D1 binding as a session, so that scenarios run inside the Worker by the same code as anywhere else. */
export function bindingSession(db: D1Binding): AsyncSession {
  const prepared = new Map<string, D1Statement>()
  const bound = (text: string, args: readonly Value[]): D1Statement => {
    if (args.length > PARAMETERS_PER_STATEMENT) {
      throw new RangeError(`D1 takes ${PARAMETERS_PER_STATEMENT} parameters a statement and was given ${args.length}`)
    }
    let statement = prepared.get(text)
    if (statement === undefined) prepared.set(text, (statement = db.prepare(text)))
    return args.length === 0 ? statement : statement.bind(...args)
  }
  return {
    mode: 'async',
    prepare:
      (text): AsyncQuery =>
      async (args) =>
        rowsFromD1((await bound(text, args).all()).results),
    async batch(calls: readonly Call[]) {
      await db.batch(calls.map(([text, args]) => bound(text, args)))
    },
    async facts() {
      const { meta } = await db.prepare('SELECT 1').all()
      const told = PLACES.map((name) => [name, meta[name]] as const).filter(([, value]) => isPlain(value))
      return {
        durability: 'undeclared',
        settings: Object.fromEntries(told) as Record<string, string | boolean>,
        versions: {},
      }
    },
    close: () => Promise.resolve(),
  }
}

const isPlain = (value: unknown): boolean => typeof value === 'string' || typeof value === 'boolean'
