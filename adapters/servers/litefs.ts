import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { Scope, ServerFacts } from '../../bench/contract/index.ts'
import { SqlatencyError } from '../../bench/contract/index.ts'
import { foundBinary } from './found-binary.ts'
import { freePort } from './port.ts'
import type { ServerProcess } from './process.ts'
import { startServer } from './process.ts'

export interface LitefsPair {
  /** Mount points: a database of one is seen in the other. */
  readonly primaryFolder: string
  readonly replicaFolder: string
  readonly servers: readonly ServerFacts[]
}

const VERSION = '0.5.14'
const INSTALL = `Run \`CGO_ENABLED=1 go install -tags osusergo,netgo,sqlite_omit_load_extension github.com/superfly/litefs/cmd/litefs@v${VERSION}\`, or set SQLATENCY_LITEFS_BIN.`
const FUSE =
  'Install fuse3, and run where /dev/fuse may be opened; a container needs the device and the right to mount.'

/** A LiteFS primary and a replica of it, each a FUSE file system of its own; both are unmounted when the scope ends. */
export async function startLitefs(scope: Scope): Promise<LitefsPair> {
  const command = foundBinary('litefs', 'SQLATENCY_LITEFS_BIN', INSTALL)
  if (!existsSync('/dev/fuse'))
    throw new SqlatencyError('NOT_AVAILABLE', 'LiteFS needs FUSE, and there is no /dev/fuse.', { remedy: FUSE })
  const primaryPort = await freePort()
  const primaryFolder = await mount('primary', command, primaryPort, primaryPort, scope)
  const replicaFolder = await mount('replica', command, await freePort(), primaryPort, scope)
  const facts = (name: string): ServerFacts => ({ name, version: VERSION, cpus: scope.serverCpus })
  return { primaryFolder, replicaFolder, servers: [facts('LiteFS'), facts('LiteFS replica')] }
}

/** A static lease: the replica's names its primary, and is no candidate. */
async function mount(name: string, command: string, port: number, primaryPort: number, scope: Scope): Promise<string> {
  const [folder, data, config] = [name, `${name}-data`, `${name}.yml`].map((one) => join(scope.directory, one)) as [
    string,
    string,
    string,
  ]
  await mkdir(folder)
  const settings = {
    fuse: { dir: folder },
    data: { dir: data },
    http: { addr: `127.0.0.1:${port}` },
    lease: {
      type: 'static',
      'advertise-url': `http://127.0.0.1:${primaryPort}`,
      hostname: 'primary',
      candidate: port === primaryPort,
    },
  }
  // JSON is YAML.
  await writeFile(config, JSON.stringify(settings))
  // Only for one that did not end in order: it unmounts by itself when it is asked to stop.
  scope.defer(async () => {
    if (isMounted(folder)) await promisify(execFile)('fusermount3', ['-u', '-z', folder]).catch(() => undefined)
  })
  try {
    await startServer(
      {
        name: `LiteFS ${name}`,
        command,
        args: ['mount', '-config', config],
        stopSignal: 'SIGINT',
        ready: (server) => mounted(folder, server),
      },
      scope,
    )
  } catch (error) {
    const refused = error instanceof SqlatencyError && /fuse|permitted|permission/i.test(error.message)
    if (!refused) throw error
    throw new SqlatencyError(
      'NOT_AVAILABLE',
      `LiteFS may not mount here: ${error.message}`,
      { remedy: FUSE },
      { cause: error },
    )
  }
  return folder
}

async function mounted(folder: string, server: ServerProcess): Promise<void> {
  while (server.isRunning() && !isMounted(folder)) await sleep(10)
}

const isMounted = (folder: string): boolean => readFileSync('/proc/mounts', 'utf8').includes(` ${folder} `)
