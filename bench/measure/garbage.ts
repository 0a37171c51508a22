import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/**
 * Collects the young garbage that warming up left, so that it is not collected on the clock.
 * The flag is set here and not on the command line, where it would cost every round 25 ms: Node's own compiled code
 * is only taken over by a process of the same flags.
 */
export function collectYoungGarbage(): void {
  setFlagsFromString('--expose-gc')
  const gc = runInNewContext('gc') as (options: { type: 'minor' }) => void
  gc({ type: 'minor' })
}
