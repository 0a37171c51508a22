import { once } from 'node:events'
import process from 'node:process'
import type { MessagePort } from 'node:worker_threads'
import { parentPort, workerData } from 'node:worker_threads'
import { openCatalogue } from './catalogue.ts'
import type { LagReader, LagWriter } from './contract/index.ts'
import { codeOf, messageOf, seededRandom, SqlatencyError } from './contract/index.ts'
import { Watch } from './measure/lag.ts'
import { writeAtRate } from './measure/write-load.ts'
import { watchThreads } from './run/placement.ts'
import type { LagOrder, ThreadInput, ThreadMessage } from './run/lag-thread.ts'

/** A thread of a lag measurement, or a process: it looks for markers on the replica, or writes at the primary. It may block; the others do not notice. */
const line = parentPort === null ? await toParent() : toThread(parentPort)
const { tell, input } = line
const { adapter, configPath, address, seed } = input

type Message = { readonly id: number; readonly order: LagOrder } | null

/** To whoever gives the orders. */
interface Line {
  readonly input: ThreadInput
  tell(this: void, message: ThreadMessage): void
  listen(obey: (message: Message) => void): void
  /** Once it is down, this ends. */
  end(): void
}

function toThread(port: MessagePort): Line {
  return {
    input: workerData as ThreadInput,
    tell: (message) => port.postMessage(message),
    listen: (obey) => void port.on('message', obey),
    end: () => port.close(),
  }
}

/** From a process of its own, which ends with the one that started it. */
async function toParent(): Promise<Line> {
  process.once('disconnect', () => process.exit(0))
  const [{ input: given }] = (await once(process, 'message')) as [{ input: ThreadInput }]
  return {
    input: given,
    tell: (message) => void process.send?.(message),
    listen: (obey) => void process.on('message', ({ message }: { message: Message }) => obey(message)),
    end: () => process.disconnect(),
  }
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
  line.listen((message) => {
    if (message !== null) return void carryOut(message.id, message.order)
    // Nobody is left to hear of a failure.
    void worker
      .close()
      .catch(() => undefined)
      .then(() => line.end())
  })
  tell({ id: 0, kind: 'done', result: null })
} catch (error) {
  tell({ id: 0, kind: 'failed', code: codeOf(error), message: messageOf(error) })
}
