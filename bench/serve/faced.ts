import { randomBytes } from 'node:crypto'
import { workerClient } from '../../adapters/d1/http.ts'
import { argsToWire, rowsFromWire } from '../../adapters/d1/values.ts'
import type { AsyncSession, BackendSpec, HttpFace, Rows, Scenario } from '../contract/index.ts'
import type { LiveFace } from './face.ts'
import { startFace } from './face.ts'

export interface FacedOptions {
  readonly scenarios: readonly Scenario[]
  /** Most sessions of a server's database; what runs in this process has one. */
  readonly sessions: number
  readonly port?: number
  readonly token?: string
}

/** Where a backend is, and where its face is. */
interface FacedAddress {
  readonly behind: unknown
  readonly face: HttpFace
}

export interface Faced {
  readonly spec: BackendSpec
  /** Whose face it is: the backend's own, or one that was put in front of it here. */
  readonly target: 'worker' | 'serve'
  /** Null before it is up, and for a backend that has its own. */
  live(): LiveFace | null
}

/** The sessions that `serve` opens at most: as many as a pool of `pg` does. */
export const SESSIONS = 10

/**
 * A backend with an HTTP face: its own where it has one, else one in this process. Everything else is done as without, but its
 * operations are asked through the face, so that answers are compared as its clients see them.
 */
export function faced(spec: BackendSpec, options: FacedOptions): Faced {
  const { adapter } = spec
  if (adapter.face !== undefined) return { spec, target: 'worker', live: () => null }
  let live: LiveFace | null = null
  return {
    target: 'serve',
    live: () => live,
    spec: {
      ...spec,
      adapter: {
        ...adapter,
        async provision(chosen, scope, job) {
          const provisioned = await adapter.provision(chosen, scope, job)
          live = await startFace({
            open: () => adapter.connect(provisioned.address),
            dialect: adapter.dialect,
            scenarios: options.scenarios,
            sessions: adapter.reach === 'in-process' ? 1 : options.sessions,
            port: options.port ?? 0,
            token: options.token ?? randomBytes(32).toString('base64url'),
          })
          scope.defer(live.close)
          const { url, token } = live
          return { ...provisioned, address: { behind: provisioned.address, face: { url, token } } }
        },
        connect: () => throughFace(live!),
        connectPrimary: (address) => adapter.connectPrimary?.((address as FacedAddress).behind) ?? throughFace(live!),
        face: (address) => (address as FacedAddress).face,
      },
    },
  }
}

/**
 * A session whose operations go through the face. Everything else is done on the sessions behind it: some databases do not bear a second
 * client on their files.
 */
function throughFace({ url, token, pool }: LiveFace): AsyncSession {
  const client = workerClient(url, token, 'sqlatency serve')
  return {
    mode: 'async',
    prepare: (text) => (args) => pool.use((session) => session.prepare(text)(args)),
    batch: (calls) => pool.use((session) => session.batch(calls)),
    operation: (scenario) => async (question) => {
      const body = JSON.stringify({ scenario, question: argsToWire(question) })
      return rowsFromWire(await client.post('/operation', body)) as Rows
    },
    catchUp: () => pool.catchUp(),
    facts: () => pool.use((session) => session.facts()),
    close: () => Promise.resolve(client.close()),
  }
}
