import { isRunning, thisProcess } from '../../bench/contract/owner.ts'

/** On everything that a run makes in Docker. Its value names the process of the run, so that what a killed one left is known. */
export const RUN_LABEL = 'sqlatency.run'
export const HOST_LABEL = 'sqlatency.host'

export function runLabels(): Record<string, string> {
  const { pid, start, host } = thisProcess()
  return { [RUN_LABEL]: `${pid}-${start}`, [HOST_LABEL]: host }
}

/** Whether the process of a label still runs; null where only its own host could tell. */
export function isAlive(labels: Readonly<Record<string, string>>): boolean | null {
  const [pid, start = ''] = (labels[RUN_LABEL] ?? '').split('-')
  return isRunning({ pid: Number(pid), start, host: labels[HOST_LABEL] ?? '' })
}
