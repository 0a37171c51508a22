import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import type { Placement } from '../contract/index.ts'

const TASKSET = '/usr/bin/taskset'

/**
 * Servers on one processor and clients on another. Unpinned, a loopback SELECT flips between two latencies within one
 * configuration, depending on where the scheduler put the two (docs/method.md).
 */
export function choosePlacement(wanted: boolean): Placement {
  const cpus = allowedCpus()
  if (!wanted || cpus.length < 2 || !existsSync(TASKSET)) return { clientCpus: null, serverCpus: null }
  return { clientCpus: [cpus.at(-1)!], serverCpus: serverCpusOf(cpus) }
}

const serverCpusOf = (cpus: readonly number[]): number[] => cpus.slice(0, 1)

/** Processors that this process may run on. */
const allowedCpus = (): number[] =>
  process.platform === 'linux' ? cpusOf(listIn(readFileSync('/proc/self/status', 'utf8'))) : []

const listIn = (status: string): string => /^Cpus_allowed_list:\s*(\S+)$/m.exec(status)?.[1] ?? ''

/** Of the kernel's own list ("0-3,8"). */
const cpusOf = (list: string): number[] =>
  list.split(',').flatMap((range) => {
    const [first, last] = range.split('-').map(Number)
    return range === '' || first === undefined
      ? []
      : Array.from({ length: (last ?? first) - first + 1 }, (_, n) => first + n)
  })

/**
 * Pins the main thread of a running process and leaves its other threads where they are: pinned to the same processor,
 * V8's compilers and collectors would take their time from the thread that is measured (a tenth of a round was seen).
 */
export async function pinMainThread(pid: number, cpus: readonly number[]): Promise<void> {
  await promisify(execFile)(TASKSET, ['--cpu-list', '--pid', cpus.join(','), String(pid)])
}

const TASKS = '/proc/self/task'

/**
 * Remembers the threads of this process. What the returned function lets go are those that came since: a driver that has threads
 * of its own starts them from the pinned one, and they inherit its processor. They may run wherever no server does. With two
 * processors that is where they are, and the main thread waits for them there; let onto the server's, they slowed both down.
 */
export function watchThreads(): () => Promise<void> {
  if (process.platform !== 'linux' || !existsSync(TASKSET)) return async () => undefined
  const before = new Set(readdirSync(TASKS))
  return async () => {
    const lists = new Map(readdirSync(TASKS).map((thread) => [thread, cpusOf(listOf(thread))]))
    // That of V8's threads, which started before any was pinned.
    const all = [...lists.values()].reduce((a, b) => (b.length > a.length ? b : a), [])
    const free = all.filter((cpu) => !serverCpusOf(all).includes(cpu)).join(',')
    const confined = [...lists].filter(([thread, cpus]) => !before.has(thread) && cpus.length < all.length)
    await Promise.all(
      confined
        .filter(([, cpus]) => cpus.length > 0 && cpus.join(',') !== free)
        // One that has ended meanwhile needs nothing.
        .map(([thread]) => promisify(execFile)(TASKSET, ['--cpu-list', '--pid', free, thread]).catch(() => undefined)),
    )
  }
}

function listOf(thread: string): string {
  try {
    return listIn(readFileSync(`${TASKS}/${thread}/status`, 'utf8'))
  } catch {
    return ''
  }
}
