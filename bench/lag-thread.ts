import { once } from 'node:events'
import process from 'node:process'
import { parentPort, workerData } from 'node:worker_threads'
import { openCatalogue } from './catalogue.ts'
import type { LagReader, LagWriter } from './contract/index.ts'
import { codeOf, messageOf, seededRandom, SqlatencyError } from './contract/index.ts'
import { Watch } from './measure/lag.ts'
import { writeAtRate } from './measure/write-load.ts'
import { watchThreads } from './run/placement.ts'
import type { LagOrder, ThreadInput, ThreadMessage } from './run/lag-thread.ts'

/** A thread of a lag measurement: it looks for markers on the replica, or writes at the primary. It may block; the others do not notice. */
const input = parentPort === null ? await fromParent() : (workerData as ThreadInput)
const tell = (message: ThreadMessage): void => {
  if (parentPort === null) process.send?.(message)
  else parentPort.postMessage(message)
}
const { adapter, configPath, address, seed } = input

/** In a process of its own, which ends with the one that started it. */
async function fromParent(): Promise<ThreadInput> {
  process.once('disconnect', () => process.exit(0))
  const [{ input: given }] = (await once(process, 'message')) as [{ input: ThreadInput }]
  return given
}

interface Worker {
  obey(order: LagOrder): Promise<unknown>
  close(): Promise<void>
}

function watching(reader: LagReader): Worker {
  const watch = new Watch(reader, seededRandom(seed, 'lag-reader'))
  return {
    obey(order) {
      switch (order.kind) {
        case 'watch':
          return watch.forMarker(order.marker, order.gapNs, order.timeoutNs)
        case 'read':
          return watch.read(order.marker, order.durationNs)
        case 'write':
        case 'stop':
          throw new Error(`a reader cannot ${order.kind}`)
      }
    },
    close: () => reader.close(),
  }
}

function writing(writer: LagWriter): Worker {
  const controller = new AbortController()
  return {
    obey(order) {
      switch (order.kind) {
        case 'write':
          return writeAtRate(
            writer,
            order.firstMarker,
            order.perSecond,
            seededRandom(seed, 'lag-load'),
            controller.signal,
          )
        case 'stop':
          controller.abort()
          return Promise.resolve(null)
        case 'watch':
        case 'read':
          throw new Error(`a writer cannot ${order.kind}`)
      }
    },
    close: () => writer.close(),
  }
}

const letThreadsGo = watchThreads()
try {
  const replication = (await (await openCatalogue(configPath)).adapter(adapter))?.replication
  if (replication === undefined) throw new SqlatencyError('BACKEND_FAILED', `${adapter} has no replica to watch.`)
  const worker =
    input.role === 'reader' ? watching(await replication.reader(address)) : writing(await replication.writer(address))
  await letThreadsGo()
  const carryOut = async (id: number, order: LagOrder): Promise<void> => {
    try {
      tell({ id, kind: 'begun' })
      tell({ id, kind: 'done', result: await worker.obey(order) })
    } catch (error) {
      tell({ id, kind: 'failed', code: codeOf(error), message: messageOf(error) })
    }
  }
  const obey = (message: { id: number; order: LagOrder } | null): void => {
    if (message !== null) return void carryOut(message.id, message.order)
    parentPort?.close()
    // Nobody is left to hear of a failure.
    const closed = worker.close().catch(() => undefined)
    if (parentPort === null) void closed.then(() => process.disconnect())
  }
  if (parentPort === null)
    process.on('message', ({ message }: { message: Parameters<typeof obey>[0] }) => obey(message))
  else parentPort.on('message', obey)
  tell({ id: 0, kind: 'done', result: null })
} catch (error) {
  tell({ id: 0, kind: 'failed', code: codeOf(error), message: messageOf(error) })
}
