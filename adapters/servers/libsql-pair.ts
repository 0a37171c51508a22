import type { Scope, ServerFacts } from '../../bench/contract/index.ts'
import type { LibsqlServer } from './libsql-server.ts'
import { startLibsqlServer } from './libsql-server.ts'

export interface LibsqlPair {
  readonly primaryUrl: string
  readonly replicaUrl: string
  readonly servers: readonly ServerFacts[]
}

/** A libsql-server and a second one that follows it over gRPC. */
export async function startLibsqlPair(scope: Scope): Promise<LibsqlPair> {
  const primary = await startLibsqlServer(scope, { grpc: true })
  const replica = await startLibsqlServer(scope, { follows: primary.grpcPort! })
  const facts = (name: string, { version }: LibsqlServer): ServerFacts => ({ name, version, cpus: scope.serverCpus })
  return {
    primaryUrl: url(primary),
    replicaUrl: url(replica),
    servers: [facts('libsql-server', primary), facts('libsql-server replica', replica)],
  }
}

const url = ({ port }: LibsqlServer): string => `http://127.0.0.1:${port}`
