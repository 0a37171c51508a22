import { closeSync, existsSync, fdatasyncSync, fsyncSync, openSync, readFileSync, unlinkSync, writeSync } from 'node:fs'
import os from 'node:os'
import { join } from 'node:path'
import { median } from '../analyze/quantiles.ts'
import type { HostFacts } from '../contract/index.ts'
import { now } from '../measure/clock.ts'

/** What a reader needs to judge a figure. "unknown" is said where a value could not be found. */
export function hostFacts(directory: string): HostFacts {
  return {
    os: /^PRETTY_NAME="?([^"\n]+)"?/m.exec(read('/etc/os-release'))?.[1] ?? `${os.type()} ${os.release()}`,
    kernel: os.release(),
    arch: os.arch(),
    cpu: os.cpus()[0]?.model.trim() ?? 'unknown',
    cores: os.availableParallelism(),
    memoryBytes: os.totalmem(),
    node: process.version,
    virtualization: virtualization(),
    storage: { filesystem: filesystem(directory), fdatasyncP50Ns: fdatasyncP50(directory) },
  }
}

function virtualization(): string {
  if (process.platform !== 'linux') return 'unknown'
  const container = existsSync('/.dockerenv') || existsSync('/run/.containerenv') ? 'container' : null
  const machine = /^flags\s*:.*\bhypervisor\b/m.test(read('/proc/cpuinfo')) ? 'virtual machine' : null
  return [container, machine].filter((one) => one !== null).join(' in ') || 'none seen'
}

/** The type of the mount that holds a folder: the longest mount point that is its prefix. */
function filesystem(directory: string): string {
  let [type, longest] = ['unknown', -1]
  for (const line of read('/proc/self/mounts').split('\n')) {
    const [, point, kind] = line.split(' ')
    if (point === undefined || kind === undefined || point.length <= longest) continue
    const path = point === '/' ? '/' : `${point}/`
    if (`${directory}/`.startsWith(path)) [type, longest] = [kind, point.length]
  }
  return type
}

const SYNCS = 31
const PAGE_BYTES = 4096

/**
 * Median of overwriting 4 kB of a file that is on the disk already and forcing that to it, as a log that is used again does:
 * its length and where it lies do not change. What a virtual disk does with a flush cannot be seen from here. Null where it
 * cannot be tried.
 */
function fdatasyncP50(directory: string): number | null {
  const path = join(directory, 'fdatasync-probe')
  try {
    const file = openSync(path, 'w')
    try {
      writeSync(file, Buffer.alloc(SYNCS * PAGE_BYTES, 1))
      fsyncSync(file)
      const page = Buffer.alloc(PAGE_BYTES, 2)
      return median(
        Array.from({ length: SYNCS }, (_, n) => {
          const start = now()
          writeSync(file, page, 0, PAGE_BYTES, n * PAGE_BYTES)
          fdatasyncSync(file)
          return Number(now() - start)
        }),
      )
    } finally {
      closeSync(file)
      unlinkSync(path)
    }
  } catch {
    return null
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
