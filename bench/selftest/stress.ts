import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * So many busy processes. They end by themselves when this process does.
 * @returns what ends them
 */
export async function startStress(processes: number): Promise<() => Promise<void>> {
  const file = fileURLToPath(new URL(`./stress-process${extname(import.meta.url)}`, import.meta.url))
  // A group of its own: Ctrl-C reaches this process alone, which then ends everything in order.
  const children = Array.from({ length: processes }, () => fork(file, { stdio: 'ignore', detached: true }))
  await Promise.all(children.map((child) => once(child, 'spawn')))
  return async () => void (await Promise.all(children.map(end)))
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGKILL')
  await once(child, 'exit')
}
