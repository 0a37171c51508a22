import { randomBytes } from 'node:crypto'
import { workerClient } from '../../adapters/d1/http.ts'
import { argsToWire, rowsFromWire } from '../../adapters/d1/values.ts'
import { asAsync } from '../../adapters/replica/as-async.ts'
import type { AsyncSession, BackendSpec, HttpFace, Rows, Scenario, Session } from '../contract/index.ts'
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
  const behind = (address: unknown): unknown => (address as FacedAddress).behind
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
        connect: async (address) => throughFace(await adapter.connect(behind(address)), (address as FacedAddress).face),
        connectPrimary: (address) => (adapter.connectPrimary ?? adapter.connect).call(adapter, behind(address)),
        face: (address) => (address as FacedAddress).face,
      },
    },
  }
}

/** A session whose operations go through the face, and everything else as before. */
function throughFace(direct: Session, { url, token }: HttpFace): AsyncSession {
  const session = direct.mode === 'sync' ? asAsync(direct) : direct
  const client = workerClient(url, token, 'sqlatency serve')
  return {
    ...session,
    operation: (scenario) => async (question) => {
      const body = JSON.stringify({ scenario, question: argsToWire(question) })
      return rowsFromWire(await client.post('/operation', body)) as Rows
    },
    async close() {
      client.close()
      await session.close()
    },
  }
}
