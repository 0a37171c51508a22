import { execFileSync } from 'node:child_process'
import { readlinkSync } from 'node:fs'
import { cpus } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import { stopwatch } from '../../measure/clock.ts'

/** Marks each arrival in shared memory, and wakes the other thread up. */
const { intendedNs, arrived } = workerData as { intendedNs: Float64Array; arrived: Int32Array }
const SPIN_NS = 100_000
const bed = new Int32Array(new SharedArrayBuffer(4))

// It was born on the one processor of the thread that waits for it.
const thread = readlinkSync('/proc/thread-self').split('/').at(-1)!
execFileSync('/usr/bin/taskset', ['--cpu-list', '--pid', `0-${cpus().length - 1}`, thread], { stdio: 'ignore' })
parentPort!.postMessage('ready')
Atomics.wait(arrived, 1, 0)
const clock = stopwatch()
for (let n = 0; n < intendedNs.length; n += 1) {
  let leftNs = intendedNs[n]! - clock()
  while (leftNs > 0) {
    if (leftNs > SPIN_NS) Atomics.wait(bed, 0, 0, (leftNs - SPIN_NS) / 1e6)
    leftNs = intendedNs[n]! - clock()
  }
  Atomics.store(arrived, 0, n + 1)
  Atomics.notify(arrived, 0)
}
