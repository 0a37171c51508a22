import type { Scope, ServerFacts } from '../../bench/contract/index.ts'
import { createCluster, launch, urlOf, versionOf } from './postgres-cluster.ts'

export interface PostgresServer {
  /** Holds the password. */
  readonly url: string
  readonly facts: ServerFacts
}

/** A new PostgreSQL cluster in the scope's folder and its server on loopback, both gone when the scope ends. Its settings are PostgreSQL's own. */
export async function startPostgres(scope: Scope): Promise<PostgresServer> {
  const cluster = await createCluster(scope)
  const { server, port } = await launch(cluster, scope)
  return {
    url: urlOf(cluster, port),
    facts: { name: 'PostgreSQL', version: versionOf(server), cpus: scope.serverCpus },
  }
}
