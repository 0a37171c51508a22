import process from 'node:process'

/**
 * The process of one round, or of one lag measurement: takes one order, sends one result, ends.
 * It reports before it loads anything, so that it is pinned meanwhile.
 */
process.once('disconnect', () => process.exit(0))
const loaded = import('./child-task.ts')
process.once('message', (order) => void loaded.then(({ obey }) => obey(order)))
process.send?.({ kind: 'ready' })
