import type { LagPoll, LagReader, LagWriter, Replication } from '../../bench/contract/index.ts'
import { SqlatencyError } from '../../bench/contract/index.ts'
import type { MarkerLook, MarkerWritten } from './markers.ts'
import type { Address } from './session.ts'
import { openClient } from './session.ts'

/** A guess: Cloudflare promises no lag ("a read replica may be arbitrarily out of date"). */
const EXPECTED_NS = 250e6

/**
 * Lag of a deployed D1's read replicas, by the Sessions API as documented in
 * https://developers.cloudflare.com/d1/best-practices/read-replication/. Cloudflare routes each read; only those with
 * `served_by_primary === false` count, and `served_by_region` names the replica, of which there is one a region.
 * All clocks are the client's, around whole HTTP requests: those inside a Worker stand still between I/O.
 */
export const replicationOf: Replication<Address> = {
  mechanism: "read replication; reads through withSession('first-unconstrained'), own writes by their bookmark",
  positionUnit: null,
  expectedLagNs: EXPECTED_NS,
  neverCounted:
    'No read was answered by a replica: read replication of this database is off, or the primary is the nearest copy. ' +
    'Switch it on (Cloudflare dashboard, D1, the database, Settings), or run sqlatency in another region.',

  configured: ({ isLocal }) => (isLocal ? { none: 'The local simulator keeps one copy of the data.' } : replicationOf),

  async writer(address): Promise<LagWriter> {
    const { write, close } = await open(address)
    return {
      async write(marker) {
        await write(marker)
        return null
      },
      close,
    }
  },

  async reader(address): Promise<LagReader> {
    const { look, close } = await open(address)
    return { poll: (marker) => look(marker), close }
  },

  async ownWrites(address): Promise<LagWriter & LagReader> {
    const { write, look, close } = await open(address)
    let bookmark: string | null = null
    return {
      async write(marker) {
        ;({ bookmark } = await write(marker))
        if (bookmark === null)
          throw new SqlatencyError('BACKEND_FAILED', 'The D1 Worker acknowledged a write without a bookmark.', {
            backend: 'd1-worker',
          })
        return null
      },
      poll: (marker) => look(marker, bookmark),
      close,
    }
  },
}

interface Markers {
  write(marker: number): Promise<MarkerWritten>
  look(marker: number, bookmark?: string | null): Promise<LagPoll>
  close(): Promise<void>
}

async function open(address: Address): Promise<Markers> {
  const client = await openClient(address)
  const ask = async (path: string, body: object): Promise<unknown> =>
    JSON.parse(await client.post(path, JSON.stringify(body)))
  return {
    write: async (marker) => (await ask('/marker/write', { marker })) as MarkerWritten,
    look: async (marker, bookmark = null) =>
      pollOf((await ask('/marker/look', bookmark === null ? { marker } : { marker, bookmark })) as MarkerLook),
    close() {
      client.close()
      return Promise.resolve()
    },
  }
}

const pollOf = ({ visible, servedByPrimary, servedByRegion }: MarkerLook): LagPoll => ({
  visible,
  position: null,
  counts: servedByPrimary === false,
  copy: servedByRegion !== null && REGION.test(servedByRegion) ? servedByRegion : 'an unnamed region',
})

/** Such as WEUR. It is printed, so nothing else passes. */
const REGION = /^[\w-]{1,32}$/
