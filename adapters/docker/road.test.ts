import { networkInterfaces } from 'node:os'
import { expect, test } from 'vitest'
import type { Docker } from './library.ts'
import { publishedOn, waysTo } from './road.ts'

const clientOf = (operatingSystem: string, modem: object, host = 'localhost'): Docker['client'] =>
  ({
    info: { containerRuntime: { operatingSystem, host } },
    container: { dockerode: { modem } },
  }) as unknown as Docker['client']

const linux = clientOf('Debian GNU/Linux 12', { socketPath: '/var/run/docker.sock' })
const port = { host: '127.0.0.1', port: 1 }
const ownAddress = Object.values(networkInterfaces())
  .flatMap((all) => all ?? [])
  .find(({ family }) => family === 'IPv4')!.address
/** In a subnet of this machine, as a container on its bridge is. */
const near = { host: ownAddress, port: 2 }
const roads = (address: typeof near, client: Docker['client'], asked = 'auto') =>
  waysTo(asked, address, port, client).map(({ road }) => road)

test.runIf(process.platform === 'linux')('a container’s own address comes first, where it leads here', () => {
  expect(roads(near, linux)).toEqual(['address', 'port'])
  expect(roads(near, linux, 'address')).toEqual(['address'])
  expect(roads(near, linux, 'port')).toEqual(['port'])
})

test('it is never dialled where somebody else may have it', () => {
  expect(roads({ host: '203.0.113.7', port: 2 }, linux)).toEqual(['port'])
  expect(roads({ host: '', port: 2 }, linux)).toEqual(['port'])
  expect(roads(near, clientOf('Docker Desktop', { socketPath: '/run/desktop.sock' }))).toEqual(['port'])
  expect(roads(near, clientOf('Debian GNU/Linux 12', { host: 'elsewhere' }))).toEqual(['port'])
  expect(() => roads({ host: '', port: 2 }, linux, 'address')).toThrow(/no address that this machine could dial/)
})

test('a port is published on the address that is dialled, where that is known to be one of Docker’s machine', () => {
  const socket = { socketPath: '/var/run/docker.sock' }
  expect(publishedOn(linux)).toBe('127.0.0.1')
  expect(publishedOn(clientOf('Docker Desktop', socket))).toBe('127.0.0.1')
  expect(publishedOn(clientOf('Debian GNU/Linux 12', { host: '127.0.0.1' }, '127.0.0.1'))).toBe('127.0.0.1')
  // In a container beside its socket file: the gateway of the bridge.
  expect(publishedOn(clientOf('Debian GNU/Linux 12', socket, '172.17.0.1'))).toBe('172.17.0.1')
  // In a virtual machine that forwards ports, on another machine, or by a name.
  expect(publishedOn(clientOf('Docker Desktop', socket, '172.17.0.1'))).toBe(null)
  expect(publishedOn(clientOf('Debian GNU/Linux 12', { host: '203.0.113.7' }, '203.0.113.7'))).toBe(null)
  expect(publishedOn(clientOf('Debian GNU/Linux 12', socket, 'host.docker.internal'))).toBe(null)
})
