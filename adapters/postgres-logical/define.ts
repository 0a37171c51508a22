import type { AsyncSession } from '../../bench/contract/index.ts'
import type { Level } from '../postgres-standby/address.ts'
import { SUBSCRIPTION } from './address.ts'
import type { Ends } from './connect.ts'
import { catchUp } from './position.ts'

/** Tables, indexes and statistics. The log carries rows, and nothing else. */
const DEFINES = /^\s*(create|drop|analyze)\b/i

const REFRESH = `ALTER SUBSCRIPTION ${SUBSCRIPTION} REFRESH PUBLICATION WITH (copy_data = false)`

/**
 * A session at the publisher that makes, drops and analyzes tables at the subscriber too, outside of a batch. A new table is subscribed to before anybody can know
 * of it. It has no rows, so none are copied: copying is done by further workers, for some time, and whoever reads meanwhile finds nothing.
 */
export function definingSession(session: AsyncSession, ends: Ends, level: Level): AsyncSession {
  return {
    ...session,
    prepare(text) {
      const there = session.prepare(text)
      const verb = DEFINES.exec(text)?.[1]?.toLowerCase()
      if (verb === undefined) return there
      return async (args) => {
        const rows = await there(args)
        // Rows that are on their way need their table, and belong to the statistics.
        if (verb !== 'create') await catchUp(ends, level)
        await ends.subscriber.query(text)
        if (verb === 'create') await ends.subscriber.query(REFRESH)
        return rows
      }
    },
  }
}
