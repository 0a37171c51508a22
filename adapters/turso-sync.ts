import type { AsyncSession, LagReader, LagWriter } from '../bench/contract/index.ts'
import { defineAdapter } from '../bench/contract/index.ts'
import { isRead } from './replica/split.ts'
import { startTursoServer } from './servers/turso-server.ts'
import type { Copy, SyncAddress } from './turso-sync/client.ts'
import { loadClient, openCopy } from './turso-sync/client.ts'
import { readFacts } from './turso-sync/facts.ts'

/**
 * The new Turso engine with its sync server: every session holds a copy of its own in this process. Reads are local; a write
 * is done on the copy and then pushed, and counts as acknowledged when the server has it. Reads see what others wrote after a pull.
 */
export default defineAdapter({
  id: 'turso-sync',
  title: 'Turso (new engine), synced copy',
  dialect: 'sqlite',
  reach: 'in-process',
  traits: ['replica'],
  defaults: {},
  async provision(_options, scope) {
    await loadClient()
    const { url, facts } = await startTursoServer(scope)
    const address: SyncAddress = { url, directory: scope.directory }
    return { address, distance: null, servers: [facts], external: false }
  },
  connect: async (address: SyncAddress) => sessionOn(await openCopy(address), address),
  replication: {
    mechanism: 'push() after every write, pull() before every read',
    positionUnit: null,
    expectedLagNs: 15_000_000,
    writer: markerWriter,
    reader: markerReader,
  },
})

function sessionOn(copy: Copy, address: SyncAddress): AsyncSession {
  return {
    mode: 'async',
    prepare(text) {
      const run = copy.prepare(text)
      if (isRead(text)) return run
      return async (args) => {
        const rows = await run(args)
        await copy.push()
        return rows
      }
    },
    async batch(calls) {
      await copy.exec('BEGIN')
      try {
        for (const [text, args] of calls) await copy.prepare(text)(args)
        await copy.exec('COMMIT')
      } catch (error) {
        await copy.exec('ROLLBACK')
        throw error
      }
      await copy.push()
    },
    catchUp: () => copy.pull(),
    facts: () => readFacts(copy, address.url),
    close: () => copy.close(),
  }
}

async function markerWriter(address: SyncAddress): Promise<LagWriter> {
  const copy = await openCopy(address)
  const insert = copy.prepare('INSERT INTO sqlatency_marker (id, seq) VALUES (?, ?)')
  return {
    async write(marker) {
      await insert([marker, marker])
      await copy.push()
      return null
    },
    close: () => copy.close(),
  }
}

async function markerReader(address: SyncAddress): Promise<LagReader> {
  const copy = await openCopy(address)
  const look = copy.prepare('SELECT 1 FROM sqlatency_marker WHERE id = ?')
  return {
    async poll(marker) {
      await copy.pull()
      return { visible: (await look([marker])).length > 0, position: null }
    },
    close: () => copy.close(),
  }
}
