import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** What a backend may leave behind, read from /proc. */

export const canLook = process.platform === 'linux'

interface Status {
  readonly pid: number
  readonly parent: number
  readonly state: string
  /** Tells a process from a later one of the same id. */
  readonly startedTicks: string
}

/** See proc(5). The name in parentheses may hold blanks and parentheses, so fields are counted from the last one. */
function status(pid: number): Status | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return { pid, state: fields[0]!, parent: Number(fields[1]), startedTicks: fields[19]! }
  } catch {
    return null
  }
}

export type ProcessId = Pick<Status, 'pid' | 'startedTicks'>

/** Every running process that this one started, directly or not. */
export function descendants(): ProcessId[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => status(Number(name)))
    .filter((found) => found !== null)
  const family = new Set([process.pid])
  for (let size = 0; size !== family.size;) {
    size = family.size
    for (const { pid, parent } of all) if (family.has(parent)) family.add(pid)
  }
  family.delete(process.pid)
  return all.filter(({ pid }) => family.has(pid))
}

/** A zombie is no longer running: it waits for a parent that has other worries. */
export function isRunning({ pid, startedTicks }: ProcessId): boolean {
  const now = status(pid)
  return now !== null && now.startedTicks === startedTicks && now.state !== 'Z'
}

/** TCP ports on which one of these processes or this one listens. */
export function listeningPorts(processes: readonly ProcessId[]): number[] {
  const sockets = new Set([process.pid, ...processes.map(({ pid }) => pid)].flatMap(socketsOf))
  return [...tcpTable('/proc/net/tcp'), ...tcpTable('/proc/net/tcp6')]
    .filter(({ inode, listening }) => listening && sockets.has(inode))
    .map(({ port }) => port)
}

/** Whether anybody listens there. */
export function isListening(port: number): boolean {
  return [...tcpTable('/proc/net/tcp'), ...tcpTable('/proc/net/tcp6')].some((row) => row.listening && row.port === port)
}

/** File systems that are mounted somewhere in a folder. */
export function mountsBelow(folder: string): string[] {
  return readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '')
    .filter((path) => path.startsWith(`${folder}/`))
}

function socketsOf(pid: number): string[] {
  const folder = `/proc/${pid}/fd`
  try {
    return readdirSync(folder).flatMap((name) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`${folder}/${name}`))?.[1] ?? []
      } catch {
        return []
      }
    })
  } catch {
    return []
  }
}

function tcpTable(path: string): { port: number; listening: boolean; inode: string }[] {
  return readFileSync(path, 'latin1')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => {
      const fields = line.trim().split(/\s+/)
      return { port: Number.parseInt(fields[1]!.split(':')[1]!, 16), listening: fields[3] === '0A', inode: fields[9]! }
    })
}
