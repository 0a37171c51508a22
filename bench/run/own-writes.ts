import { setTimeout as sleep } from 'node:timers/promises'
import { median } from '../analyze/quantiles.ts'
import type { Adapter, LagReader, LagWriter, OwnWrites } from '../contract/index.ts'
import { insertText, markerTable, quoteName, seededRandom, textFor } from '../contract/index.ts'
import { now } from '../measure/clock.ts'

const LONGEST_PAUSE_MS = 10

/**
 * Writes as an application does that has to see its own writes, and asks at once: does it see them, and what does asking cost?
 * Reads that do not count are left out. Null where nothing is to be probed, and where no read counts.
 */
export async function probeOwnWrites(
  adapter: Adapter,
  task: { readonly address: unknown; readonly seed: number; readonly probes: number },
  nextMarker: () => number,
): Promise<OwnWrites | null> {
  if (task.probes === 0) return null
  const client = await (adapter.replication?.ownWrites?.(task.address) ?? sessionClient(adapter, task.address))
  try {
    const random = seededRandom(task.seed, 'own-writes')
    const readNs: number[] = []
    let missed = 0
    for (let probe = 0; probe < task.probes; probe += 1) {
      await sleep(random.real() * LONGEST_PAUSE_MS)
      const marker = nextMarker()
      await client.write(marker)
      const start = now()
      const { visible, counts = true } = await client.poll(marker)
      const tookNs = Number(now() - start)
      if (!counts) continue
      readNs.push(tookNs)
      if (!visible) missed += 1
    }
    return readNs.length === 0 ? null : { probes: readNs.length, missed, nextReadP50Ns: median(readNs) }
  } finally {
    await client.close()
  }
}

/** A session as an application opens it. */
async function sessionClient(adapter: Adapter, address: unknown): Promise<LagWriter & LagReader> {
  const session = await adapter.connect(address)
  const insert = session.prepare(insertText(markerTable, 1, adapter.dialect))
  const select = session.prepare(
    textFor(`SELECT seq FROM ${quoteName(markerTable.name)} WHERE id = $1`, adapter.dialect),
  )
  return {
    async write(marker) {
      await insert([marker, marker])
      return null
    },
    poll: async (marker) => ({ visible: (await select([marker])).length > 0, position: null }),
    close: async () => session.close(),
  }
}
