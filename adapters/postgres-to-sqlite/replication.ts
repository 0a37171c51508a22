import type { LagReader, LagWriter } from '../../bench/contract/index.ts'
import type { HybridAddress } from './address.ts'
import type { Position } from './copy.ts'
import { READ_STATE } from './copy.ts'
import { refuseDeadFeeder } from './feeder.ts'
import { openCaughtUp } from './follow.ts'
import { POSITIONS } from './positions.ts'
import { openPrimary } from './primary.ts'

/** From the commit to the file, roughly, on one machine. */
const APPLY_NS = 1e6
/** Without a flush at commit, the log is sent when wal_writer_delay (200 ms) has passed. */
const UNFLUSHED_NS = 100e6

/** One statement, and so one moment of the file. */
const LOOK = `SELECT position, EXISTS (SELECT 1 FROM sqlatency_marker WHERE id = ?) AS visible FROM (${READ_STATE})`

export const replicationOf = {
  mechanism: 'changes of PostgreSQL, applied to a SQLite file',
  positionUnit: null,
  expectedLagNs: APPLY_NS,

  configured({ feed, primary, pollIntervalMs, rttMs }: HybridAddress) {
    const positionUnit = POSITIONS[feed].unit
    if (feed === 'polling')
      return {
        positionUnit,
        mechanism: `a log of changes that triggers write, asked every ${pollIntervalMs} ms and applied to a SQLite file`,
        expectedLagNs: APPLY_NS + (pollIntervalMs / 2 + rttMs) * 1e6,
      }
    return {
      positionUnit,
      mechanism: 'logical replication (pgoutput), applied to a SQLite file',
      expectedLagNs: APPLY_NS + (rttMs / 2) * 1e6 + (primary.durability === 'relaxed' ? UNFLUSHED_NS : 0),
    }
  },

  async writer(address: HybridAddress): Promise<LagWriter> {
    const client = await openPrimary(address.primary)
    const text = `INSERT INTO sqlatency_marker (id, seq) VALUES ($1, $2) RETURNING ${POSITIONS[address.feed].ofWrite} AS position`
    return {
      async write(marker) {
        const { rows } = await client.query<{ position: number }>({ name: 'mark', text, values: [marker, marker] })
        return rows[0]!.position
      },
      close: () => client.end(),
    }
  },

  async reader(address: HybridAddress): Promise<LagReader> {
    const follower = await openCaughtUp(address)
    const look = follower.prepare(LOOK)
    const { numberOf } = POSITIONS[address.feed]
    return {
      poll(marker) {
        const [seen] = look([marker]) as unknown as [{ position: Position; visible: number }]
        if (seen.visible === 0) refuseDeadFeeder(address)
        return Promise.resolve({ visible: seen.visible === 1, position: numberOf(seen.position) })
      },
      close: () => Promise.resolve(follower.close()),
    }
  },
} as const
