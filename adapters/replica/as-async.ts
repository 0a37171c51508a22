import type { AsyncSession, SyncSession } from '../../bench/contract/index.ts'

/** A sync session behind promises, for one half of a session whose other half has to wait. */
export function asAsync(session: SyncSession): AsyncSession {
  return {
    mode: 'async',
    prepare(text) {
      const query = session.prepare(text)
      return async (args) => query(args)
    },
    batch: async (calls) => session.batch(calls),
    facts: async () => session.facts(),
    close: async () => session.close(),
  }
}
