import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'

/** On everything that a run makes in Docker. Its value names the process of the run, so that what a killed one left is known. */
export const RUN_LABEL = 'sqlatency.run'
/** Process ids mean something on their own host alone. */
export const HOST_LABEL = 'sqlatency.host'

export const runLabels = (): Record<string, string> => ({
  [RUN_LABEL]: `${process.pid}-${startOf(process.pid) ?? 'unknown'}`,
  [HOST_LABEL]: hostname(),
})

/** Whether the process of a label still runs; null where only its own host could tell. */
export function isAlive(labels: Readonly<Record<string, string>>): boolean | null {
  if (labels[HOST_LABEL] !== hostname()) return null
  const [pid, start] = (labels[RUN_LABEL] ?? '').split('-')
  const now = startOf(Number(pid))
  return now !== null && now === start
}

/**
 * What tells a process from a later one of the same id: on Linux its start in ticks since boot (field 22, see proc(5)), elsewhere nothing.
 * Null: there is no such process.
 */
function startOf(pid: number): string | null {
  if (process.platform !== 'linux') return runs(pid) ? 'unknown' : null
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1')
    // The name in parentheses may hold blanks, so fields are counted from its end: the 20th after it.
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? null
  } catch {
    return null
  }
}

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
