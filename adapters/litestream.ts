import type { AsyncSession, Durability, LagReader, LagWriter, SyncSession } from '../bench/contract/index.ts'
import { defineAdapter } from '../bench/contract/index.ts'
import betterSqlite3 from './better-sqlite3.ts'
import type { FollowerAddress } from './litestream/address.ts'
import { catchUp, followedTo } from './litestream/transactions.ts'
import { asAsync } from './replica/as-async.ts'
import { openFollower } from './replica/follower.ts'
import { makeDatabase } from './replica/make-database.ts'
import { splitSession } from './replica/split.ts'
import { startLitestream } from './servers/litestream.ts'

const defaults = {
  durability: 'durable' as string,
  /** Litestream's own default is 1,000 for each of its three intervals. */
  intervalMs: 50,
  /** Whether a read waits until the follower has what its own session wrote. */
  readYourWrites: true,
}

/**
 * SQLite in the process, copied by Litestream to a folder, and a second file that follows from there: reads go to the second,
 * everything else to the first. A kept connection sees what arrived after the session's next catch-up.
 */
export default defineAdapter({
  id: 'litestream',
  title: 'SQLite followed by Litestream (better-sqlite3)',
  dialect: 'sqlite',
  reach: 'in-process',
  traits: ['replica'],
  defaults,
  async provision({ durability, intervalMs, readYourWrites }, scope) {
    const { servers, ...place } = await startLitestream(scope, intervalMs, makeDatabase)
    const address: FollowerAddress = {
      ...place,
      intervalMs,
      durability: durability as Durability,
      readYourWrites,
    }
    return { address, distance: null, servers, external: false }
  },
  async connect(address: FollowerAddress): Promise<AsyncSession> {
    await catchUp(address)
    const follower = openFollower(address.followerFile)
    return splitSession({
      replica: asAsync(follower),
      primary: asAsync(primaryOf(address)),
      readYourWrites: address.readYourWrites,
      async catchUp() {
        await catchUp(address)
        follower.refresh()
      },
    })
  },
  connectPrimary: (address: FollowerAddress) => primaryOf(address),
  replication: {
    mechanism: 'Litestream copies the log to a folder and applies it from there',
    positionUnit: 'transactions',
    expectedLagNs: 75_000_000,
    configured: ({ intervalMs }: FollowerAddress) => ({
      mechanism: `Litestream copies the log to a folder and applies it from there, three intervals of ${intervalMs} ms`,
      expectedLagNs: intervalMs * 1.5e6,
    }),
    writer: markerWriter,
    reader: markerReader,
  },
})

/** Litestream holds the write lock while it moves the log into the file, for seconds where the disk is busy. */
function primaryOf({ primaryFile, durability }: FollowerAddress): SyncSession {
  const session = betterSqlite3.connect({ file: primaryFile, durability }) as SyncSession
  session.prepare('PRAGMA busy_timeout = 15000')([])
  return session
}

/** A commit has no number yet: Litestream gives one to whatever it finds in the log when it looks. */
function markerWriter(address: FollowerAddress): Promise<LagWriter> {
  const session = primaryOf(address)
  const insert = session.prepare('INSERT INTO sqlatency_marker (id, seq) VALUES (?, ?)')
  return Promise.resolve({
    write(marker) {
      insert([marker, marker])
      return Promise.resolve(null)
    },
    close: () => Promise.resolve(session.close()),
  })
}

function markerReader(address: FollowerAddress): Promise<LagReader> {
  const follower = openFollower(address.followerFile)
  const look = follower.prepare('SELECT 1 FROM sqlatency_marker WHERE id = ?')
  return Promise.resolve({
    poll(marker) {
      follower.refresh()
      const position = followedTo(address.followerFile)
      return Promise.resolve({ visible: look([marker]).length > 0, position })
    },
    close: () => Promise.resolve(follower.close()),
  })
}
