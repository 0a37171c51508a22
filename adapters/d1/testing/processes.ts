import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** Processes below a process, nearest first, from /proc. */
export function descendants(pid: number): number[] {
  const children = [...new Set(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' '))]
    .filter((text) => text !== '')
    .map(Number)
  return [...children, ...children.flatMap(descendants)]
}

export function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
  } catch {
    return ''
  }
}

/** Whether a process runs; one that has ended and waits for its parent does not. */
export function isAlive(pid: number): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

/** Settles with those that are still there when the patience is at its end. */
export async function survivors(pids: readonly number[], patienceMs = 10_000): Promise<number[]> {
  const end = Date.now() + patienceMs
  while (pids.some(isAlive) && Date.now() < end) await sleep(20)
  return pids.filter(isAlive)
}
