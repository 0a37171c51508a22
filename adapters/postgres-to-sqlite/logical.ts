import type { Pgoutput } from 'pg-logical-replication'
import { LogicalReplicationService, PgoutputPlugin } from 'pg-logical-replication'
import type { Change, Definition, Texts } from './change.ts'
import type { Copy } from './copy.ts'
import type { FeederTask } from './feeder.ts'
import { fromLsn, toLsn } from './lsn.ts'
import { PUBLICATION } from './publish.ts'

/** Values stay as PostgreSQL wrote them; what they are in SQLite is decided there. */
class AsWritten extends PgoutputPlugin {
  override parse(buffer: Buffer): Pgoutput.Message {
    const message = super.parse(buffer)
    if (message.tag === 'relation') for (const column of message.columns) column.parser = String
    return message
  }
}

/**
 * Follows a replication slot. Each transaction of PostgreSQL is applied as a whole, and all that have arrived together share one
 * commit in SQLite. Positions are bytes of the log: everything before has been applied.
 * @param fail told once when the stream ends; it does not come back
 * @returns when the stream has begun
 */
export async function followSlot(
  { primary, consumer }: FeederTask,
  copy: Copy,
  fail: (error: Error) => void,
): Promise<void> {
  // The library would confirm what has arrived; only what was applied may be.
  const service = new LogicalReplicationService(connectionOf(primary), {
    acknowledge: { auto: false, timeoutSeconds: 0 },
  })
  let reached = copy.position as number
  let isInside = false
  let isKnown = false
  let isSettling = false

  /** The library adds the byte that is said to be the next, and ours is the next already. One byte too far, and a commit that begins there would be left out. */
  const confirm = (): void => void service.acknowledge(toLsn((copy.position as number) - 1)).catch(fail)
  const settle = (): void => {
    isSettling = false
    if (isInside || reached <= (copy.position as number)) return
    copy.commit(reached)
    confirm()
  }
  const settleSoon = (): void => {
    if (!isSettling) setImmediate(settle)
    isSettling = true
  }

  service.on('data', (_lsn: string, message: Pgoutput.Message) => {
    if (message.tag === 'begin') {
      isInside = true
      isKnown = fromLsn(message.commitLsn!) < (copy.position as number)
    } else if (message.tag === 'commit') {
      isInside = false
      reached = Math.max(reached, fromLsn(message.commitEndLsn!))
      settleSoon()
    } else if (!isKnown) for (const change of changesOf(message)) copy.apply(change)
  })
  service.on('heartbeat', (lsn: string, _timestamp: number, mustAnswer: boolean) => {
    // Sent in order with the rest: whatever was committed before is here.
    if (!isInside) reached = Math.max(reached, fromLsn(lsn))
    settleSoon()
    if (mustAnswer) confirm()
  })
  service.on('error', fail)
  const plugin = new AsWritten({ protoVersion: 1, publicationNames: [PUBLICATION], messages: true })
  const begun = new Promise<void>((resolve) => service.once('start', () => resolve()))
  const ended = service.subscribe(plugin, consumer, toLsn(reached)).then(() => {
    throw new Error('PostgreSQL ended the stream of changes')
  })
  ended.catch(fail)
  await Promise.race([begun, ended])
}

function* changesOf(message: Pgoutput.Message): Generator<Change> {
  switch (message.tag) {
    case 'insert':
      yield { kind: 'insert', table: message.relation.name, row: told(message.new) }
      break
    case 'update': {
      const { relation, key, new: row } = message
      yield { kind: 'update', table: relation.name, key: keyOf(relation, key ?? row), row: told(row) }
      break
    }
    case 'delete':
      yield { kind: 'delete', table: message.relation.name, key: keyOf(message.relation, message.key ?? {}) }
      break
    case 'truncate':
      for (const { name } of message.relations) yield { kind: 'truncate', table: name }
      break
    case 'message':
      yield JSON.parse(Buffer.from(message.content).toString('utf8')) as Definition
  }
}

/** A long value that did not change is not sent. */
const told = (row: Record<string, unknown>): Texts =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined)) as Texts

const keyOf = ({ keyColumns }: Pgoutput.MessageRelation, row: Record<string, unknown>): string =>
  row[keyColumns[0]!] as string

/** The library makes its own socket, so a distance is put into the address. */
function connectionOf({ url, via }: FeederTask['primary']): { connectionString: string } {
  const target = new URL(url)
  if (via !== null) Object.assign(target, { hostname: via.host, port: String(via.port) })
  return { connectionString: target.href }
}
