import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Scope } from '../../bench/contract/index.ts'
import type { ServerProcess } from '../servers/process.ts'
import { startServer, wrote } from '../servers/process.ts'
import type { End } from './echo.ts'
import type { Line, LineEmulator } from './line.ts'

const run = promisify(execFile)
const SOURCE = fileURLToPath(new URL('./tun.c', import.meta.url))
const COMPILERS = ['cc', 'gcc', 'clang']
/** What tun.c calls its devices. */
const DEVICE = /^sqlatency\d+$/

/** A TUN device with a helper of our own that keeps every packet for half a round trip (tun.c). */
export const tun: LineEmulator = {
  id: 'tun',
  async open(ends, name, scope) {
    const { near, echo, tell } = await openDevice('delay', ends, name, scope)
    return {
      near,
      echo,
      async set({ rttMs, costMs, jitterMs, bytesPerSecond }) {
        tell([((rttMs - costMs) / 2) * 1e6, (jitterMs / 2) * 1e6, bytesPerSecond])
      },
    }
  },
}

/** Packets of a long fat line: 10 Gbit/s at 100 ms are 83,000 of 1,500 bytes. */
const NETEM_LIMIT = '100000'

/** The same device, delayed by the kernel's own netem in its queue; the helper only turns packets round. */
export const netem: LineEmulator = {
  id: 'netem',
  async open(ends, name, scope): Promise<Line> {
    const { near, echo, device, stop } = await openDevice('reflect', ends, name, scope)
    const delay = (ns: number): Promise<unknown> =>
      run('tc', ['qdisc', 'replace', 'dev', device, 'root', 'netem', 'limit', NETEM_LIMIT, 'delay', `${ns / 1000}us`])
    await delay(0).catch(async (error: unknown) => {
      // Another emulator takes its place, beside which it would stay until the run ends.
      await stop()
      const { code, stderr = '' } = error as { code?: unknown; stderr?: string }
      throw new Error(
        code === 'ENOENT'
          ? 'tc is missing (Debian: apt install iproute2)'
          : `the kernel has no netem here (its module is sch_netem): ${stderr.trim().split('\n')[0] ?? ''}`,
        { cause: error },
      )
    })
    return {
      near,
      echo,
      async set({ rttMs, costMs, jitterMs, bytesPerSecond }) {
        if (jitterMs > 0 || bytesPerSecond > 0) throw new Error('netem is used for a steady delay alone')
        await delay(Math.round(((rttMs - costMs) / 2) * 1e6))
      },
    }
  },
}

interface Device extends Pick<Line, 'near' | 'echo'> {
  readonly device: string
  /** One-way delay and jitter in nanoseconds, bytes per second. */
  tell(settings: readonly number[]): void
  stop(): Promise<void>
}

async function openDevice(
  mode: 'delay' | 'reflect',
  ends: readonly End[],
  name: string,
  scope: Scope,
): Promise<Device> {
  if (process.platform !== 'linux') throw new Error('it needs Linux')
  if (!existsSync('/dev/net/tun')) throw new Error('the kernel offers no /dev/net/tun')
  if (!ends.every(({ host }) => host === '127.0.0.1')) throw new Error('it leads to servers on 127.0.0.1 only')
  const taken = whoHasTheRange()
  if (taken !== null) throw new Error(`its addresses (198.18.0.0/15) are in use by ${taken}`)
  const command = await compile(scope.directory)
  let server: ServerProcess
  try {
    server = await startServer(
      {
        name: `${name} tun`,
        command,
        args: [mode, ...ends.map(({ port }) => String(port))],
        input: true,
        ready: (started) => wrote(started, /^up .*\n/m),
      },
      scope,
    )
  } catch (error) {
    const message = (error as Error).message
    throw new Error(
      /TUNSETIFF|\/dev\/net\/tun|not permitted/.test(message)
        ? 'it needs the capability CAP_NET_ADMIN: run as root, or without root and for local databases alone in a network of its own (docs/distance.md)'
        : message,
      { cause: error },
    )
  }
  const [, device = '', , host = '', port = ''] = /^up (\S+) (\S+) (\S+) (\d+)$/m.exec(server.log()) ?? []
  const echoPort = Number(port)
  return {
    device,
    near: ends.map((end) => ({ host, port: end.port })),
    echo: { far: { host, port: echoPort }, here: { host: '127.0.0.1', port: echoPort } },
    tell: (settings) => void server.child.stdin?.write(`${settings.map(Math.round).join(' ')}\n`),
    stop: () => server.stop(),
  }
}

/** In the folder of the backend, which is gone when the run is; takes a tenth of a second. */
async function compile(directory: string): Promise<string> {
  const program = join(directory, 'sqlatency-tun')
  if (existsSync(program)) return program
  for (const compiler of COMPILERS) {
    try {
      await run(compiler, ['-O2', '-o', program, SOURCE])
      return program
    } catch (error) {
      const { code, stderr = '' } = error as { code?: unknown; stderr?: string }
      if (code === 'ENOENT') continue
      throw new Error(`${compiler} could not compile its helper: ${stderr.trim().split('\n')[0] ?? ''}`, {
        cause: error,
      })
    }
  }
  throw new Error('it needs a C compiler (Debian: apt install gcc libc6-dev)')
}

/** Whether a network that is not ours has addresses or routes in the range that tun.c takes its own from. */
function whoHasTheRange(): string | null {
  for (const [device, addresses] of Object.entries(networkInterfaces())) {
    if (DEVICE.test(device)) continue
    if (addresses?.some(({ address }) => /^198\.1[89]\./.test(address)) === true) return device
  }
  for (const line of readFileSync('/proc/net/route', 'utf8').split('\n').slice(1)) {
    const [device = '', destination = ''] = line.split('\t')
    // Addresses stand there as hexadecimal numbers of the machine's own byte order.
    if (/^....1[23]C6$/i.test(destination) && !DEVICE.test(device)) return device
  }
  return null
}
