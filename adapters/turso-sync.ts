import type { AsyncSession, LagReader, LagWriter } from '../bench/contract/index.ts'
import { defineAdapter } from '../bench/contract/index.ts'
import { distanceOptions } from './distance/options.ts'
import { isRead } from './replica/split.ts'
import type { Copy, SyncAddress } from './turso-sync/client.ts'
import { openCopy } from './turso-sync/client.ts'
import { readFacts } from './turso-sync/facts.ts'
import { move, provision } from './turso-sync/provision.ts'

const defaults = {
  /** Of Turso Cloud or a sync server, `libsql://`, `https://` or `http://`; null starts one here. */
  url: null as string | null,
  authToken: null as string | null,
  /** Between the server and the application with its copies. */
  ...distanceOptions,
}

const MECHANISM = 'push() after every write, pull() before every read'
const EXPECTED_NS = 15e6

/**
 * The new Turso engine with its sync server: every session holds a copy of its own in this process. Reads are local; a write
 * is done on the copy and then pushed, and counts as acknowledged when the server has it. Reads see what others wrote after a pull, and
 * do not pull by themselves; the reader of the lag does.
 */
export default defineAdapter({
  id: 'turso-sync',
  title: 'Turso (new engine), synced copy',
  dialect: 'sqlite',
  reach: 'in-process',
  traits: ['replica'],
  defaults,
  secrets: ['url', 'authToken'],
  provision: (options, scope) => provision(options, scope),
  move: (here, options, scope) => move(here, options, scope),
  connect: async (address: SyncAddress) => sessionOn(await openCopy(address), address),
  /** From beside the server, however far the application is. */
  connectPrimary: async (address: SyncAddress) => {
    const beside = { ...address, url: address.besideServer }
    return sessionOn(await openCopy(beside), beside)
  },
  replication: {
    mechanism: MECHANISM,
    positionUnit: null,
    expectedLagNs: EXPECTED_NS,
    // In a second thread its native tasks end on handles that are no more, and V8 takes the process down ("Check failed: node->IsInUse()").
    oneThread: true,
    // A pull is one round trip at least.
    configured: ({ rttNs }: SyncAddress) => ({ mechanism: MECHANISM, expectedLagNs: EXPECTED_NS + rttNs }),
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
    facts: () => readFacts(copy, address),
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
