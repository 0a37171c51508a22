import { setTimeout as sleep } from 'node:timers/promises'
import { median } from '../analyze/quantiles.ts'
import type { Adapter, OwnWrites } from '../contract/index.ts'
import { insertText, markerTable, quoteName, seededRandom, textFor } from '../contract/index.ts'
import { now } from '../measure/clock.ts'

const LONGEST_PAUSE_MS = 10

/** Writes through a session as an application opens it, and asks that session at once: does it see its own write, and what does asking cost? Null where nothing is to be probed. */
export async function probeOwnWrites(
  adapter: Adapter,
  task: { readonly address: unknown; readonly seed: number; readonly probes: number },
  nextMarker: () => number,
): Promise<OwnWrites | null> {
  const { probes } = task
  if (probes === 0) return null
  const session = await adapter.connect(task.address)
  try {
    const random = seededRandom(task.seed, 'own-writes')
    const write = session.prepare(insertText(markerTable, 1, adapter.dialect))
    const read = session.prepare(
      textFor(`SELECT seq FROM ${quoteName(markerTable.name)} WHERE id = $1`, adapter.dialect),
    )
    const readNs: number[] = []
    let missed = 0
    for (let probe = 0; probe < probes; probe += 1) {
      await sleep(random.real() * LONGEST_PAUSE_MS)
      const marker = nextMarker()
      await write([marker, marker])
      const start = now()
      const rows = await read([marker])
      readNs.push(Number(now() - start))
      if (rows.length === 0) missed += 1
    }
    return { probes, missed, nextReadP50Ns: median(readNs) }
  } finally {
    await session.close()
  }
}
