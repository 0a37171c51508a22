import { accessSync, constants, existsSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from 'miniflare'

/** From the harness, over IPC, because arguments and the environment can be seen by others. */
export interface HostRequest {
  readonly script: string
  readonly token: string
  readonly directory: string
  readonly compatibilityDate: string
}

export type HostAnswer = { readonly url: string } | { readonly error: string }

/** Ends the process even when Miniflare does not come to an end itself. The harness kills after 5 s. */
const DISPOSE_LIMIT_MS = 3000

let miniflare: Miniflare | undefined
let isEnding = false

/** `exit` and not a drained loop: workerd has to be gone when this process is. */
function end(code: number): void {
  if (isEnding) return
  isEnding = true
  setTimeout(() => process.exit(code), DISPOSE_LIMIT_MS)
  void Promise.resolve(miniflare?.dispose()).then(
    () => process.exit(code),
    () => process.exit(code),
  )
}

// The IPC channel closes with the harness, however it dies.
process.once('disconnect', () => end(0))
process.once('SIGTERM', () => end(0))
process.once('SIGINT', () => end(0))
process.once('message', (request: HostRequest) => {
  start(request).then(
    (url) => answer({ url }),
    (error: unknown) => {
      answer({ error: error instanceof Error ? error.message : String(error) })
      end(1)
    },
  )
})

const answer = (message: HostAnswer): void => void process.send?.(message)

async function start({ script, token, directory, compatibilityDate }: HostRequest): Promise<string> {
  bondRuntime(directory)
  miniflare = new Miniflare(
    convertV4MiniflareOptions({
      script,
      modules: true,
      compatibilityDate,
      bindings: { SQLATENCY_TOKEN: token },
      d1Databases: { DB: 'sqlatency' },
      resourcePersistencePath: join(directory, 'd1'),
      host: '127.0.0.1',
      port: 0,
      // The shortest way in: the socket of the Worker itself, without Miniflare's entry Worker in between.
      unsafeDirectSockets: [{ host: '127.0.0.1', port: 0 }],
      cf: false,
      telemetry: { enabled: false },
      log: new Log(LogLevel.WARN),
      // Miniflare would restart a crashed runtime, and the run would go on with another isolate unnoticed.
      unsafeHandleRuntimeRestart: () => end(70),
    }),
  )
  await miniflare.ready
  return (await miniflare.unsafeGetDirectURL()).origin
}

/** Has the Linux kernel kill workerd when this process dies of a signal that it cannot handle. */
function bondRuntime(directory: string): void {
  const setpriv = '/usr/bin/setpriv'
  if (process.platform !== 'linux' || !existsSync(setpriv)) return
  const workerd = createRequire(import.meta.resolve('miniflare'))('workerd') as { default: string }
  const wrapper = join(directory, 'workerd')
  writeFileSync(
    wrapper,
    `#!/bin/sh\nexec ${setpriv} --pdeathsig KILL '${workerd.default.replaceAll("'", String.raw`'\''`)}' "$@"\n`,
    { mode: 0o700 },
  )
  try {
    accessSync(wrapper, constants.X_OK)
    process.env['MINIFLARE_WORKERD_PATH'] = wrapper
  } catch {
    // A folder mounted noexec: then SIGTERM and the closing of the IPC channel have to do.
  }
}
