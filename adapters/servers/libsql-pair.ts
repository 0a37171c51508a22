import type { Scope, ServerFacts } from '../../bench/contract/index.ts'
import type { End } from '../distance/echo.ts'
import type { LibsqlServer } from './libsql-server.ts'
import { startLibsqlServer } from './libsql-server.ts'

export interface LibsqlPair {
  readonly primary: LibsqlServer
  readonly replica: LibsqlServer
  readonly servers: readonly ServerFacts[]
}

/** Where a primary answers clients, and where it hands out frames. */
export interface PrimaryEnds {
  readonly http: End
  readonly grpc: End
}

/**
 * A libsql-server and a second one that follows it over gRPC.
 * @param wayTo where the second one dials for frames instead of the primary's own end
 */
export async function startLibsqlPair(
  scope: Scope,
  wayTo: (primary: PrimaryEnds) => Promise<End> = ({ grpc }) => Promise.resolve(grpc),
): Promise<LibsqlPair> {
  const primary = await startLibsqlServer(scope, { grpc: true })
  const follows = await wayTo({ http: endAt(primary.port), grpc: endAt(primary.grpcPort!) })
  const replica = await startLibsqlServer(scope, { follows })
  const facts = (name: string, { version }: LibsqlServer): ServerFacts => ({ name, version, cpus: scope.serverCpus })
  return { primary, replica, servers: [facts('libsql-server', primary), facts('libsql-server replica', replica)] }
}

const endAt = (port: number): End => ({ host: '127.0.0.1', port })
