import type { Provisioned, Scope } from '../../bench/contract/index.ts'
import { defineAdapter, SqlatencyError } from '../../bench/contract/index.ts'
import { distanceOptions } from '../distance/options.ts'
import { packageVersion } from '../servers/package.ts'
import { replicationOf } from './replication.ts'
import type { Address } from './session.ts'
import { openSession, openUntried } from './session.ts'

const defaults = {
  /** The origin of a deployed Worker (deploy/), or null for Cloudflare's runtime on this machine. Who has it can knock, so it is kept secret. */
  url: null as string | null,
  token: null as string | null,
  /** To the local Worker. */
  ...distanceOptions,
}

/** Cloudflare D1 behind a Worker: one operation is one HTTP request, and its queries run beside the database. */
export default defineAdapter<typeof defaults, Address>({
  id: 'd1',
  title: 'Cloudflare D1 (Worker)',
  dialect: 'sqlite',
  reach: 'same-host',
  // True of the local runtime only. The harness drops it when `provision` says `external`, as it says `network` then.
  traits: ['simulator'],
  defaults,
  secrets: ['url', 'token'],
  async provision(options, scope, job) {
    const { url, token, rttMs } = options
    if (url !== null) return { address: deployed(url, token, rttMs), distance: null, servers: [], external: true }
    // The bundler is loaded here alone: a round only connects.
    const { startLocalWorker } = await import('./local.ts')
    const local = await startLocalWorker(job, scope)
    const here: Provisioned<Address> = {
      address: { ...local, isLocal: true },
      distance: null,
      servers: [{ name: 'workerd', version: packageVersion('workerd'), cpus: scope.serverCpus }],
      external: false,
    }
    return rttMs === 0 ? here : move(here, options, scope)
  },
  move,
  connect: (address) => openSession(address),
  connectUntried: openUntried,
  face: ({ url, token }) => ({ url, token }),
  replication: replicationOf,
})

async function move(here: Provisioned<Address>, options: typeof defaults, scope: Scope): Promise<Provisioned<Address>> {
  const { startDistance } = await import('../distance/index.ts')
  const { hostname: host, port } = new URL(here.address.url)
  const far = await startDistance({ ...options, host, port: Number(port), name: 'D1 Worker', started: true }, scope)
  return {
    ...here,
    address: { ...here.address, url: `http://${far.host}:${far.port}` },
    distance: far.distance,
    servers: [...here.servers, ...far.servers],
  }
}

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
