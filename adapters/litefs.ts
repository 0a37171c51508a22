import { join } from 'node:path'
import type { AsyncSession, LagReader, LagWriter, SyncSession } from '../bench/contract/index.ts'
import { defineAdapter } from '../bench/contract/index.ts'
import betterSqlite3 from './better-sqlite3.ts'
import type { MountAddress } from './litefs/transactions.ts'
import { catchUp, transactionOf } from './litefs/transactions.ts'
import { asAsync } from './replica/as-async.ts'
import { openFollower } from './replica/follower.ts'
import { makeDatabase } from './replica/make-database.ts'
import { splitSession } from './replica/split.ts'
import { startLitefs } from './servers/litefs.ts'

const defaults = {
  durability: 'durable' as string,
  /** Whether a read waits until the replica has what its own session wrote. */
  readYourWrites: true,
}

/**
 * SQLite on two LiteFS mounts: what is committed in the first is sent to the second as a transaction file. Reads go to the
 * second, everything else to the first. Both are files of this process, behind FUSE.
 */
export default defineAdapter({
  id: 'litefs',
  title: 'SQLite on LiteFS (better-sqlite3)',
  dialect: 'sqlite',
  reach: 'in-process',
  traits: ['replica'],
  defaults,
  async provision({ durability, readYourWrites }, scope) {
    const { primaryFolder, replicaFolder, servers } = await startLitefs(scope)
    const address: MountAddress = {
      primaryFile: join(primaryFolder, 'sqlatency.db'),
      replicaFile: join(replicaFolder, 'sqlatency.db'),
      durability: durability as MountAddress['durability'],
      readYourWrites,
    }
    makeDatabase(address.primaryFile)
    return { address, distance: null, servers, external: false }
  },
  async connect(address: MountAddress): Promise<AsyncSession> {
    await catchUp(address)
    return splitSession({
      replica: asAsync(openFollower(address.replicaFile)),
      primary: asAsync(primaryOf(address)),
      readYourWrites: address.readYourWrites,
      catchUp: () => catchUp(address),
    })
  },
  connectPrimary: (address: MountAddress) => primaryOf(address),
  replication: {
    mechanism: 'LiteFS sends a file for every transaction over HTTP',
    positionUnit: 'transactions',
    expectedLagNs: 10_000_000,
    writer: markerWriter,
    reader: markerReader,
  },
})

function primaryOf({ primaryFile, durability }: MountAddress): SyncSession {
  return betterSqlite3.connect({ file: primaryFile, durability }) as SyncSession
}

/** The number of a transaction is above the one that was the last before it, whoever else writes. */
function markerWriter(address: MountAddress): Promise<LagWriter> {
  const session = primaryOf(address)
  const insert = session.prepare('INSERT INTO sqlatency_marker (id, seq) VALUES (?, ?)')
  return Promise.resolve({
    write(marker) {
      const before = transactionOf(address.primaryFile)
      insert([marker, marker])
      return Promise.resolve(before + 1)
    },
    close: () => Promise.resolve(session.close()),
  })
}

function markerReader(address: MountAddress): Promise<LagReader> {
  const follower = openFollower(address.replicaFile)
  const look = follower.prepare('SELECT 1 FROM sqlatency_marker WHERE id = ?')
  return Promise.resolve({
    poll(marker) {
      const visible = look([marker]).length > 0
      return Promise.resolve({ visible, position: transactionOf(address.replicaFile) })
    },
    close: () => Promise.resolve(follower.close()),
  })
}
