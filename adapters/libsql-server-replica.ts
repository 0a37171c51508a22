import type { AsyncSession } from '../bench/contract/index.ts'
import { defineAdapter } from '../bench/contract/index.ts'
import type { PairAddress } from './libsql-server-replica/address.ts'
import { openFrames } from './libsql-server-replica/frames.ts'
import { replicationOf } from './libsql-server-replica/replication.ts'
import { openPrimary, serverSession } from './libsql/session.ts'
import { splitSession } from './replica/split.ts'
import { startLibsqlPair } from './servers/libsql-pair.ts'

const defaults = {
  /** Whether a read waits until the replica has what its own session wrote. */
  readYourWrites: true,
}

/**
 * A libsql-server and a second one that follows it over gRPC: reads go to the second over HTTP, everything else to the first.
 * With readYourWrites the first read after a write asks both for the number of their last frame.
 */
export default defineAdapter({
  id: 'libsql-server-replica',
  title: 'libsql-server replica (gRPC)',
  dialect: 'sqlite',
  reach: 'same-host',
  traits: ['replica'],
  defaults,
  async provision({ readYourWrites }, scope) {
    const { servers, ...urls } = await startLibsqlPair(scope)
    const address: PairAddress = { ...urls, readYourWrites }
    return { address, distance: null, servers, external: false }
  },
  async connect(address: PairAddress): Promise<AsyncSession> {
    const frames = openFrames(address)
    try {
      await frames.catchUp()
      const session = splitSession({
        replica: await sessionAt(address, address.replicaUrl),
        primary: await sessionAt(address, address.primaryUrl),
        readYourWrites: address.readYourWrites,
        catchUp: () => frames.catchUp(),
      })
      const close = async (): Promise<void> => {
        frames.close()
        await session.close()
      }
      return { ...session, close }
    } catch (error) {
      frames.close()
      throw error
    }
  },
  connectPrimary: (address: PairAddress) => sessionAt(address, address.primaryUrl),
  replication: replicationOf,
})

async function sessionAt({ primaryUrl, readYourWrites }: PairAddress, url: string): Promise<AsyncSession> {
  const client = await openPrimary({ primaryUrl: url, authToken: null })
  return serverSession(client, { primaryUrl, authToken: null }, { readYourWrites })
}
