import type { AsyncSession, Call, Rows, Scenario, Value } from '../../bench/contract/index.ts'
import { compileAsync } from '../../bench/contract/index.ts'
import type { D1Binding } from './binding.ts'
import { bindingSession } from './binding.ts'
import { limitedBody, Refusal, requireToken } from './guard.ts'
import { lookForMarker, writeMarker } from './markers.ts'
import { nameTexts } from './names.ts'
import type { Operations, Routes } from './routes.ts'
import { argsOf, bodyOf, isObject, operationRoutes, requirePost, routeOf, shown, stringOf } from './routes.ts'
import { rowsToWire } from './values.ts'

export interface WorkerEnvironment {
  readonly DB: D1Binding
  /** A secret. Without it the Worker refuses everything. */
  readonly SQLATENCY_TOKEN?: string
}

export interface WorkerOptions {
  /**
   * Statements that may be asked for by name, for seeding and verifying. Any other text cannot be run at all.
   * Called once an isolate, by the first request that needs it, so that cold starts do not pay.
   */
  readonly texts?: () => readonly string[]
}

export interface SqlatencyWorker {
  fetch(request: Request, environment: WorkerEnvironment): Promise<Response>
}

const CALLS_PER_BATCH = 500

/** What an isolate keeps between requests: everything is compiled once, as in an application. */
interface Compiled extends Operations {
  readonly db: D1Binding
  readonly session: AsyncSession
}

/** What a route is given: what was compiled, and the request for what Cloudflare tells beside it. */
interface Asked extends Compiled {
  readonly request: Request
}

/**
 * A Worker that runs whole scenarios beside D1, one HTTP request an operation.
 * It knows operations and statements by name only and never runs SQL that came with a request.
 */
export function createWorker(
  scenarios: readonly Scenario[],
  { texts = () => [] }: WorkerOptions = {},
): SqlatencyWorker {
  const scenarioOf = scenariosById(scenarios)
  const compiledFor = new WeakMap<D1Binding, Compiled>()
  let named: Promise<ReadonlyMap<string, string>> | undefined
  const textOf = async (name: unknown): Promise<string> => {
    const text = (await (named ??= nameTexts(texts()))).get(stringOf(name, 'statement'))
    if (text === undefined) throw new Refusal(404, 'UNKNOWN_OPERATION', `this Worker has no statement "${shown(name)}"`)
    return text
  }

  const compile = (db: D1Binding): Compiled => {
    let compiled = compiledFor.get(db)
    if (compiled === undefined) {
      const session = bindingSession(db)
      const operations = new Map(
        [...scenarioOf].map(([id, { work }]) => [id, compileAsync(work, session, 'sqlite')] as const),
      )
      compiledFor.set(db, (compiled = { db, session, operation: (scenario) => operations.get(scenario) }))
    }
    return compiled
  }

  const routes: Routes<Asked> = {
    ...operationRoutes,
    '/statement': async ({ statement, args }, { session }): Promise<Rows> => {
      const query = session.prepare(await textOf(statement))
      return rowsToWire(await query(argsOf(args) as readonly Value[])) as Rows
    },
    '/batch': async ({ calls }, { session }) => {
      if (!Array.isArray(calls) || calls.length > CALLS_PER_BATCH || !calls.every(isObject)) {
        throw new Refusal(400, 'BAD_REQUEST', `calls must be an array of at most ${CALLS_PER_BATCH} objects`)
      }
      const known = calls.map(async ({ statement, args }): Promise<Call> => [
        await textOf(statement),
        argsOf(args) as readonly Value[],
      ])
      await session.batch(await Promise.all(known))
      return []
    },
    '/marker/write': ({ marker }, { db }) => writeMarker(db, marker),
    '/marker/look': ({ marker, bookmark }, { db }) => lookForMarker(db, marker, bookmark),
    '/facts': async (_, { session, request }) => {
      const { settings } = await session.facts()
      const { cf } = request as { readonly cf?: { readonly colo?: string } }
      return { settings, colo: cf?.colo ?? null }
    },
  }

  return {
    async fetch(request, environment) {
      try {
        await requireToken(request, environment.SQLATENCY_TOKEN)
        requirePost(request.method)
        const route = routeOf(routes, new URL(request.url).pathname)
        const body = bodyOf(await limitedBody(request))
        return Response.json(await route(body, { ...compile(environment.DB), request }))
      } catch (thrown) {
        return answerTo(thrown)
      }
    },
  }
}

function scenariosById(scenarios: readonly Scenario[]): ReadonlyMap<string, Scenario> {
  const byId = new Map<string, Scenario>()
  for (const scenario of scenarios) {
    if (byId.has(scenario.id) && byId.get(scenario.id) !== scenario)
      throw new TypeError(`two scenarios are called "${scenario.id}"`)
    byId.set(scenario.id, scenario)
  }
  return byId
}

/** Errors travel as code and message. Never with a stack, which tells a stranger how the Worker is built. */
function answerTo(thrown: unknown): Response {
  if (thrown instanceof Refusal) {
    const { status, code, message } = thrown
    return Response.json({ code, message }, { status })
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  const code = /\bSQLITE_[A-Z_]+\b/.exec(message)?.[0] ?? (message.startsWith('D1_') ? 'D1_ERROR' : 'OPERATION_FAILED')
  return Response.json({ code, message }, { status: 500 })
}
