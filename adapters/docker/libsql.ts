import type { Scope } from '../../bench/contract/index.ts'
import { libsqlVersion } from '../servers/libsql-server.ts'
import type { StartedContainer } from './container.ts'
import { startContainer } from './container.ts'

const ANSWER_MS = 1000

/** A libsql-server without data in a container of its official image, or of one that takes the same variables. */
export function startLibsqlContainer(image: string, road: string, scope: Scope): Promise<StartedContainer> {
  return startContainer(
    {
      name: 'libsql-server',
      image,
      road,
      port: 8080,
      environment: { SQLD_NODE: 'primary' },
      async version({ host, port }) {
        const base = `http://${host}:${port}`
        const answer = await fetch(`${base}/health`, { signal: AbortSignal.timeout(ANSWER_MS) })
        await answer.arrayBuffer()
        if (!answer.ok) throw new Error(`/health answered ${answer.status}`)
        return libsqlVersion(base)
      },
    },
    scope,
  )
}
