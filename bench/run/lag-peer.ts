import { fork } from 'node:child_process'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { LagOrder, ThreadInput, ThreadMessage } from './lag-thread.ts'

const FILE = fileURLToPath(new URL(`../lag-thread${extname(import.meta.url)}`, import.meta.url))

/** Who carries orders out, and how it is reached. */
export interface LagPeer {
  /** null asks it to end. */
  tell(message: { readonly id: number; readonly order: LagOrder } | null): void
  kill(): void
  readonly ended: Promise<unknown>
}

export interface Heard {
  message(message: ThreadMessage): void
  /** Also after it was asked to. */
  end(error: Error): void
}

export function threadPeer(input: ThreadInput, heard: Heard): LagPeer {
  const worker = new Worker(FILE, { workerData: input })
  worker.on('message', (message: ThreadMessage) => heard.message(message))
  worker.on('error', (error: Error) => heard.end(error))
  const ended = new Promise((resolve) => worker.once('exit', resolve))
  void ended.then(() => heard.end(new Error('its thread ended')))
  return { tell: (message) => worker.postMessage(message), kill: () => void worker.terminate(), ended }
}

/** It inherits the processor of the thread that starts it, and ends when that process is gone. */
export function processPeer(input: ThreadInput, heard: Heard): LagPeer {
  const child = fork(FILE, { serialization: 'advanced', stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  child.on('message', (message) => heard.message(message as ThreadMessage))
  child.on('error', (error) => heard.end(error))
  const ended = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`))
  })
  void ended.then((how) => heard.end(new Error(`its process ended (${how})`)))
  const tell = (message: unknown): void => {
    if (child.connected) child.send(message as object, () => undefined)
  }
  // Not an argument: the address may hold a token.
  tell({ input })
  return { tell: (message) => tell({ message }), kill: () => void child.kill('SIGKILL'), ended }
}
