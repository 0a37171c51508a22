import process from 'node:process'

/** Time that this thread had on a processor, nanoseconds: work alone, whoever else wants the machine. */
export function processorNs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) * 1000
}
