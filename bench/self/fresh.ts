import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { seededRandom, shuffled } from '../contract/index.ts'
import { choosePlacement, pinMainThread } from '../run/placement.ts'
import { SEED } from './budget.ts'
import type { Answer, Tasks } from './child.ts'

export const placement = choosePlacement(true)

const interrupt = new AbortController()
process.once('SIGINT', () => interrupt.abort())
process.once('SIGTERM', () => interrupt.abort())
/** Ends every child, and with them everything else in order. */
export const { signal } = interrupt

/** By then Node has started all of its threads; a thread that starts later inherits the processor. */
const START_MS = 80

const pin = (pid: number): Promise<void> =>
  placement.clientCpus === null ? Promise.resolve() : pinMainThread(pid, placement.clientCpus)

type Result<Name extends keyof Tasks> = Awaited<ReturnType<Tasks[Name]>>

/** Runs one task in a process of its own, on the processor of clients. Input and result cross as plain data. */
export async function inFreshProcess<Name extends keyof Tasks>(
  task: Name,
  input: Parameters<Tasks[Name]>[0],
): Promise<Result<Name>> {
  signal.throwIfAborted()
  const child = fork(fileURLToPath(new URL('child.ts', import.meta.url)), {
    execArgv: ['--expose-gc', '--no-warnings'],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    // Ctrl-C reaches the parent alone, which then ends its child.
    detached: true,
    signal,
    killSignal: 'SIGKILL',
  })
  const answer = await new Promise<Answer>((resolve, reject) => {
    child.once('message', (message) => resolve(message as Answer))
    child.once('error', reject)
    child.once('exit', (code, ended) => reject(new Error(`the process of ${task} ended with ${ended ?? code}`)))
    // As in a run: the main thread is pinned once the process is up, and V8's other threads are not.
    child.once('spawn', () => {
      setTimeout(() => {
        void pin(child.pid!).then(() => child.send({ task, input }), reject)
      }, START_MS)
    })
  })
  if ('error' in answer) throw new Error(`${task}: ${answer.error}`)
  return answer.result as Result<Name>
}

/** Every repetition runs each of these once, in a seeded order, so that whatever drifts meets all of them alike. */
export async function interleaved<Name extends string, Measured>(
  names: readonly Name[],
  repetitions: number,
  measure: (name: Name, repetition: number) => Promise<Measured>,
): Promise<Record<Name, Measured[]>> {
  const measured = Object.fromEntries(names.map((name) => [name, [] as Measured[]])) as Record<Name, Measured[]>
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    for (const name of shuffled(names, seededRandom(SEED, 'order', repetition))) {
      measured[name].push(await measure(name, repetition))
    }
  }
  return measured
}
