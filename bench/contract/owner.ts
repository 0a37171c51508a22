import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'

/** The process that something belongs to. */
export interface Owner {
  readonly pid: number
  /** What `startOf` says of it; left out: whatever has the id counts. */
  readonly start?: string | undefined
  /** Process ids mean something on their own host alone. Left out: this one. */
  readonly host?: string | undefined
}

export const thisProcess = () => ({
  pid: process.pid,
  start: startOf(process.pid) ?? 'unknown',
  host: hostname(),
})

/** Whether it still runs; null where only its own host could tell. */
export function isRunning({ pid, start, host = hostname() }: Owner): boolean | null {
  if (host !== hostname()) return null
  const now = startOf(pid)
  return now !== null && (start === undefined || now === start)
}

/**
 * What tells a process from a later one of the same id: on Linux its start in ticks since boot (field 22, see proc(5)), elsewhere nothing.
 * Null: there is no such process.
 */
function startOf(pid: number): string | null {
  if (process.platform !== 'linux') return exists(pid) ? 'unknown' : null
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1')
    // The name in parentheses may hold blanks, so fields are counted from its end: the 20th after it.
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? null
  } catch {
    return null
  }
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
