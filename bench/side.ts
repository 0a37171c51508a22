import process from 'node:process'
import { SIDE_PROTOCOL } from './run/side-protocol.ts'

/**
 * One side of a comparison: a process of that side's own installation, in that side's own folder. It brings its backends
 * up, then measures the rounds that it is told to, so that rounds of both sides can alternate.
 */
process.send?.({ kind: 'hello', protocol: SIDE_PROTOCOL })
const { serve } = await import('./side-task.ts')
await serve(process)
