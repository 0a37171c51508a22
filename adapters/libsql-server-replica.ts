import type { AsyncSession } from '../bench/contract/index.ts'
import { defineAdapter } from '../bench/contract/index.ts'
import { distanceOptions } from './distance/options.ts'
import type { PairAddress } from './libsql-server-replica/address.ts'
import { openFrames } from './libsql-server-replica/frames.ts'
import { provision } from './libsql-server-replica/provision.ts'
import { replicationOf } from './libsql-server-replica/replication.ts'
import type { ServerAddress } from './libsql/address.ts'
import { openPrimary, serverSession } from './libsql/session.ts'
import { splitSession } from './replica/split.ts'

const defaults = {
  /** `libsql://`, `https://` or `http://`: of a primary that is there already, together with `replicaUrl`. Null: both are started here. */
  url: null as string | null,
  /** Of a libsql-server that follows that primary. */
  replicaUrl: null as string | null,
  /** For both. */
  authToken: null as string | null,
  /** Whether a read waits until the replica has what its own session wrote. */
  readYourWrites: true,
  /** Between the primary and everything else: the replica stands beside the application. */
  ...distanceOptions,
}

/**
 * A libsql-server and a second one that follows it over gRPC: reads go to the second over HTTP, everything else to the first.
 * With readYourWrites the first read after a write asks both for the number of their last frame.
 * There is no `move`: every further replica would apply all writes while another is measured.
 */
export default defineAdapter({
  id: 'libsql-server-replica',
  title: 'libsql-server replica (gRPC)',
  dialect: 'sqlite',
  reach: 'same-host',
  traits: ['replica'],
  defaults,
  secrets: ['url', 'replicaUrl', 'authToken'],
  provision: (options, scope) => provision(options, scope),
  async connect(address: PairAddress): Promise<AsyncSession> {
    const frames = openFrames(address)
    try {
      await frames.catchUp()
      const session = splitSession({
        replica: await sessionAt(address, address.replica),
        primary: await sessionAt(address, address.primary),
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
  connectPrimary: (address: PairAddress) =>
    sessionAt({ ...address, primary: address.besidePrimary }, address.besidePrimary),
  replication: replicationOf,
})

async function sessionAt({ primary, readYourWrites }: PairAddress, server: ServerAddress): Promise<AsyncSession> {
  return serverSession(await openPrimary(server), primary, { readYourWrites })
}
