import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
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
  return { clientCpus: [cpus.at(-1)!], serverCpus: [cpus[0]!] }
}

/** Processors that this process may run on, from the kernel's own list ("0-3,8"). */
function allowedCpus(): number[] {
  if (process.platform !== 'linux') return []
  const line = /^Cpus_allowed_list:\s*(\S+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? ''
  return line.split(',').flatMap((range) => {
    const [first, last] = range.split('-').map(Number)
    return first === undefined ? [] : Array.from({ length: (last ?? first) - first + 1 }, (_, n) => first + n)
  })
}

/**
 * Pins the main thread of a running process and leaves its other threads where they are: pinned to the same processor,
 * V8's compilers and collectors would take their time from the thread that is measured (a tenth of a round was seen).
 */
export async function pinMainThread(pid: number, cpus: readonly number[]): Promise<void> {
  await promisify(execFile)(TASKSET, ['--cpu-list', '--pid', cpus.join(','), String(pid)])
}
