import { rmSync, writeFileSync } from 'node:fs'
import { messageOf } from '../../bench/contract/index.ts'
import { checkKept } from './kept.ts'
import { Copy } from './copy.ts'
import type { FeederTask } from './feeder.ts'
import { LAST_WORDS } from './feeder.ts'
import { followSlot } from './logical.ts'
import { poll } from './polling.ts'

/** A process of its own that brings the changes of PostgreSQL into a SQLite file. Whatever goes wrong ends it: it never goes on with a gap. */
const file = process.argv[2]!

function fail(error: unknown): never {
  const said = messageOf(error)
  writeFileSync(`${file}${LAST_WORDS}`, said)
  process.stderr.write(`${said}\n`)
  process.exit(1)
}

rmSync(`${file}${LAST_WORDS}`, { force: true })
process.on('uncaughtException', fail)
process.on('message', (task: FeederTask) => {
  const feed = async (): Promise<void> => {
    const copy = new Copy(file)
    await checkKept(task, copy.position)
    await (task.feed === 'logical' ? followSlot : poll)(task, copy, fail)
    process.send?.('ready')
  }
  feed().catch(fail)
})
process.on('disconnect', () => process.exit(0))
