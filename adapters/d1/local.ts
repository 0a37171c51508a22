import { randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Job, Scope } from '../../bench/contract/index.ts'
import type { ServerProcess } from '../servers/process.ts'
import { serverEnvironment, startServer } from '../servers/process.ts'
import { bundleWorker } from './bundle.ts'
import type { HostAnswer, HostRequest } from './host-process.ts'
import { COMPATIBILITY_DATE } from './session.ts'

const HOST = fileURLToPath(new URL(`./host-process.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url))

/** Starts Cloudflare's own runtime on this machine, with the job's scenarios in the Worker and D1's simulator below it. */
export async function startLocalWorker(job: Job, scope: Scope): Promise<{ url: string; token: string }> {
  const script = bundleWorker(job)
  const token = randomBytes(32).toString('base64url')
  const temporary = join(scope.directory, 'tmp')
  await mkdir(temporary, { recursive: true })
  let url = ''
  const request: HostRequest = { script, token, directory: scope.directory, compatibilityDate: COMPATIBILITY_DATE }
  await startServer(
    {
      name: 'workerd (Cloudflare D1 simulator)',
      command: process.execPath,
      args: [HOST],
      ipc: true,
      cwd: scope.directory,
      // Miniflare likes to write below the home, the working and the temporary folder, and to call home.
      env: serverEnvironment({
        HOME: scope.directory,
        TMPDIR: temporary,
        MINIFLARE_CACHE_DIR: temporary,
        CLOUDFLARE_CF_FETCH_ENABLED: 'false',
        WRANGLER_SEND_METRICS: 'false',
      }),
      ready: async (server) => {
        url = await askHost(server, request)
      },
      readyTimeoutMs: 30_000,
    },
    scope,
  )
  return { url, token }
}

function askHost({ child }: ServerProcess, request: HostRequest): Promise<string> {
  return new Promise((resolve, reject) => {
    child.once('message', (answer: HostAnswer) => {
      if ('url' in answer) resolve(answer.url)
      else reject(new Error(answer.error))
    })
    child.send(request, (error) => {
      if (error !== null) reject(error)
    })
  })
}
