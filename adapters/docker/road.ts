import { BlockList, connect, isIPv4 } from 'node:net'
import { once } from 'node:events'
import { networkInterfaces } from 'node:os'
import type { Road } from '../../bench/contract/index.ts'
import { SqlatencyError } from '../../bench/contract/index.ts'
import type { End } from '../distance/echo.ts'
import type { Docker } from './library.ts'

export interface Way {
  readonly road: Road
  readonly end: End
}

const LONGEST_MS = 1000
const ROADS = ['auto', 'address', 'port']

export function checkRoad(asked: string): void {
  if (ROADS.includes(asked)) return
  throw new SqlatencyError('UNKNOWN_NAME', `There is no road ${asked}.`, {
    suggestion: `There are: ${ROADS.join(', ')}.`,
  })
}

/**
 * The ways to a container, shortest first. Its own address leads over Docker's bridge and nothing else; a published port
 * through a proxy or NAT besides, which takes longer.
 * @param asked `auto`, or one road alone
 */
export function waysTo(asked: string, address: End, port: End, client: Docker['client']): Way[] {
  const ways: Way[] = [
    ...(asked !== 'port' && leadsHere(address.host, client) ? [{ road: 'address' as const, end: address }] : []),
    ...(asked !== 'address' ? [{ road: 'port' as const, end: port }] : []),
  ]
  if (ways.length > 0) return ways
  throw new SqlatencyError(
    'USAGE',
    'The container has no address that this machine could dial; ask for the road `auto`.',
  )
}

/** Only where Docker runs under this very kernel: elsewhere somebody else may have the same address. */
const leadsHere = (address: string, client: Docker['client']): boolean =>
  process.platform === 'linux' && isNextToUs(client) && isInOwnSubnet(address)

/** Reached by a socket file, and in no virtual machine. */
function isNextToUs({ info, container }: Docker['client']): boolean {
  const { socketPath } = container.dockerode.modem as { socketPath?: string }
  return socketPath !== undefined && info.containerRuntime.operatingSystem !== 'Docker Desktop'
}

/** Whether published ports are dialled on this very machine. */
export const isHere = ({ info }: Docker['client']): boolean =>
  ['localhost', '127.0.0.1'].includes(info.containerRuntime.host)

/**
 * The one address of Docker's machine on which ports are published: that which is dialled, loopback or the bridge's gateway, if sqlatency
 * itself runs in a container. Null: Docker publishes on all of them, because only its own machine knows what they are.
 */
export function publishedOn(client: Docker['client']): string | null {
  const { host } = client.info.containerRuntime
  if (isHere(client)) return '127.0.0.1'
  return isNextToUs(client) && isIPv4(host) ? host : null
}

/** The bridge is one of this machine's own interfaces, or both are plugged into it. */
function isInOwnSubnet(address: string): boolean {
  const subnets = new BlockList()
  for (const { address: own, cidr, family } of Object.values(networkInterfaces()).flatMap((all) => all ?? [])) {
    if (family === 'IPv4' && cidr !== null) subnets.addSubnet(own, Number(cidr.split('/')[1]))
  }
  return address !== '' && subnets.check(address)
}

/** Whether something accepts connections there. */
export async function accepts({ host, port }: End): Promise<boolean> {
  const socket = connect({ host, port })
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(LONGEST_MS) })
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
