import process from 'node:process'
import { startDistance } from '../distance/index.ts'
import { testScope } from './scope.ts'

/** A harness that puts a distance in place, says where, and waits to be killed. */
const [emulator, port] = process.argv.slice(2) as [string, string]
const scope = await testScope()
const request = { host: '127.0.0.1', port: Number(port), rttMs: 2, name: 'server', started: true, emulator }
const { host, port: near } = await startDistance(request, scope)
process.send?.({ host, port: near, directory: scope.directory })
setInterval(() => undefined, 1000)
