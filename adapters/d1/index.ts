import { defineAdapter, SqlatencyError } from '../../bench/contract/index.ts'
import { packageVersion } from '../servers/package.ts'
import type { Address } from './session.ts'
import { openSession, openUntried } from './session.ts'

type D1Options = {
  /** The origin of a deployed Worker (deploy/), or null for Cloudflare's runtime on this machine. Who has it can knock, so it is kept secret. */
  readonly url: string | null
  readonly token: string | null
  /** Emulated distance to the local Worker, milliseconds. */
  readonly rttMs: number
}

/** Cloudflare D1 behind a Worker: one operation is one HTTP request, and its queries run beside the database. */
export default defineAdapter<D1Options, Address>({
  id: 'd1',
  title: 'Cloudflare D1 (Worker)',
  dialect: 'sqlite',
  reach: 'same-host',
  // True of the local runtime only. The harness drops it when `provision` says `external`, as it says `network` then.
  traits: ['simulator'],
  defaults: { url: null, token: null, rttMs: 0 },
  secrets: ['url', 'token'],
  async provision({ url, token, rttMs }, scope, job) {
    if (url !== null) return { address: deployed(url, token, rttMs), distance: null, servers: [], external: true }
    // The bundler is loaded here alone: a round only connects.
    const { startLocalWorker } = await import('./local.ts')
    const local = await startLocalWorker(job, scope)
    const servers = [{ name: 'workerd', version: packageVersion('workerd'), cpus: scope.serverCpus }]
    const address: Address = { ...local, isLocal: true }
    if (rttMs === 0) return { address, distance: null, servers, external: false }
    const { hostname, port } = new URL(local.url)
    const { startRelay } = await import('../servers/relay.ts')
    const relay = await startRelay({ host: hostname, port: Number(port), rttMs, name: 'D1 Worker' }, scope)
    return {
      address: { ...address, url: `http://127.0.0.1:${relay.port}` },
      distance: relay.distance,
      servers,
      external: false,
    }
  },
  connect: (address) => openSession(address),
  connectUntried: openUntried,
})

/** What an HTTP header takes. */
const PRINTABLE = /^[\x21-\x7e]+$/

function deployed(url: string, token: string | null, rttMs: number): Address {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new SqlatencyError('CONFIG_INVALID', 'The option url of d1 must be the http(s) URL of the deployed Worker.', {
      file: 'the configuration',
    })
  }
  if (rttMs !== 0) {
    throw new SqlatencyError(
      'CONFIG_INVALID',
      'The option rttMs of d1 is for the local Worker; a deployed one has a distance of its own.',
      {
        file: 'the configuration',
      },
    )
  }
  if (token === null || !PRINTABLE.test(token)) {
    throw new SqlatencyError(
      'ACCESS_DENIED',
      'The deployed D1 Worker asks for its token; set SQLATENCY_D1_WORKER_TOKEN (or the option token) to the value of its secret SQLATENCY_TOKEN.',
    )
  }
  return { url, token, isLocal: false }
}
