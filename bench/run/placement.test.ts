import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { choosePlacement } from './placement.ts'

const canPin = process.platform === 'linux' && existsSync('/usr/bin/taskset') && availableParallelism() > 1

/** Pins itself, starts a thread as a driver would, and says where all threads may run. */
const program = `
import { readdirSync, readFileSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { pinMainThread, watchThreads } from ${JSON.stringify(fileURLToPath(new URL('placement.ts', import.meta.url)))}
const where = () => Object.fromEntries(readdirSync('/proc/self/task').map((thread) =>
  [thread, /^Cpus_allowed_list:\\s*(\\S+)$/m.exec(readFileSync('/proc/self/task/' + thread + '/status', 'utf8'))[1]]))
await pinMainThread(process.pid, [${choosePlacement(true).clientCpus?.join() ?? 0}])
const before = where()
const letGo = watchThreads()
const worker = new Worker('setInterval(() => {}, 1000)', { eval: true })
await new Promise((resolve) => worker.once('online', resolve))
const started = where()
await letGo()
console.log(JSON.stringify({ main: String(process.pid), before, started, after: where() }))
process.exit(0)
`

test.runIf(canPin)(
  'threads that came since may run wherever no server does; the main one stays where it is',
  async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program])
    const { main, before, started, after } = JSON.parse(stdout) as Record<
      'before' | 'started' | 'after',
      Record<string, string>
    > & { main: string }
    const pinned = before[main]!
    const came = Object.keys(started).filter((thread) => !(thread in before))
    expect(came.map((thread) => started[thread])).toContain(pinned)
    const others = availableParallelism() > 2 ? /^(?!0\b)\d+[-,]\d+/ : new RegExp(`^${pinned}$`)
    for (const thread of came) expect(after[thread]).toMatch(others)
    expect(after[main]).toBe(pinned)
  },
)
