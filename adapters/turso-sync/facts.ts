import type { Durability, SessionFacts } from '../../bench/contract/index.ts'
import { packageVersion } from '../servers/package.ts'
import type { Copy, SyncAddress } from './client.ts'

/** Settings of the server, because a write is acknowledged when it is there, beside those of the local copy. */
export async function readFacts(copy: Copy, address: SyncAddress): Promise<SessionFacts> {
  const synchronous = await ofServer(address, 'PRAGMA synchronous')
  const [local] = await copy.prepare('PRAGMA synchronous')([])
  const [version] = await copy.prepare('SELECT sqlite_version() AS version')([])
  return {
    durability: durability(synchronous),
    settings: {
      journal_mode: await ofServer(address, 'PRAGMA journal_mode'),
      synchronous,
      copy_synchronous: Number(local?.['synchronous']),
    },
    versions: {
      '@tursodatabase/sync': packageVersion('@tursodatabase/sync'),
      sqlite: String(version?.['version']),
    },
    driver: { readsDoNotSync: true },
  }
}

const durability = (synchronous: string | null): Durability =>
  synchronous === null ? 'undeclared' : Number(synchronous) >= 2 ? 'durable' : 'relaxed'

interface Answer {
  readonly results: readonly {
    readonly response?: { readonly result?: { readonly rows: readonly (readonly { readonly value?: string }[])[] } }
  }[]
}

/** One value from the server, or null. It speaks a part of Hrana: no streams, so nothing is closed. */
async function ofServer({ url, authToken }: SyncAddress, sql: string): Promise<string | null> {
  const answer = await fetch(`${url}/v2/pipeline`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(authToken === null ? {} : { authorization: `Bearer ${authToken}` }),
    },
    body: JSON.stringify({ requests: [{ type: 'execute', stmt: { sql, args: [] } }] }),
    signal: AbortSignal.timeout(10_000),
  })
  if (!answer.ok) return null
  const { results } = (await answer.json()) as Answer
  return results[0]?.response?.result?.rows[0]?.[0]?.value ?? null
}
