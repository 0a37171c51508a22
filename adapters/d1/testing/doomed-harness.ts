import { testScope } from '../../testing/scope.ts'
import d1 from '../index.ts'
import { descendants } from './processes.ts'

/** Stands for a harness that is killed: starts the local Worker, tells its parent the processes, and waits. */
const scope = await testScope()
await d1.provision(d1.defaults, scope, { texts: [], scenarioModules: [] })
process.send?.({ directory: scope.directory, pids: descendants(process.pid) })
setInterval(() => undefined, 60_000)
