import { parentPort, workerData } from 'node:worker_threads'
import { openCatalogue } from './catalogue.ts'
import { messageOf, seededRandom, SqlatencyError } from './contract/index.ts'
import { watchForMarker } from './measure/lag.ts'
import type { ReaderAnswer, ReaderOrder } from './run/lag-cell.ts'

/** The thread that looks for markers on the replica. It may block; the writer's clock does not notice. */
const { adapter, configPath, address, seed } = workerData as {
  adapter: string
  configPath: string | null
  address: unknown
  seed: number
}
const port = parentPort!
const answer = (message: ReaderAnswer): void => port.postMessage(message)

try {
  const replication = (await (await openCatalogue(configPath)).adapter(adapter))?.replication
  if (replication === undefined) throw new SqlatencyError('BACKEND_FAILED', `${adapter} has no replica to watch.`)
  const reader = await replication.reader(address)
  const random = seededRandom(seed, 'lag-reader')
  port.on('message', (order: ReaderOrder | null) => {
    if (order === null) {
      port.close()
      void reader.close()
      return
    }
    answer({ kind: 'polling' })
    watchForMarker(reader, order.marker, order.gapNs, order.timeoutNs, random).then(
      (sighting) => answer({ kind: 'sighting', sighting }),
      (error: unknown) => answer({ kind: 'failed', message: messageOf(error) }),
    )
  })
  answer({ kind: 'ready' })
} catch (error) {
  answer({ kind: 'failed', message: messageOf(error) })
}
