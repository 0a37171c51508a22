import { execFile } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { SqlatencyError } from '../../bench/contract/index.ts'
import libsql from '../libsql.ts'
import postgres from '../postgres.ts'
import { conforms } from '../testing/conformance.ts'
import { containersHere, noDocker } from '../testing/docker.ts'
import { heldRegistry } from '../testing/registry.ts'
import type { TestScope } from '../testing/scope.ts'
import { testScope } from '../testing/scope.ts'
import type { ContainerCommand } from './container.ts'
import { startContainer } from './container.ts'
import { RUN_LABEL, runLabels } from './labels.ts'
import { openDocker } from './library.ts'

const POSTGRES = 'postgres:18'
const LIBSQL = 'ghcr.io/tursodatabase/libsql-server:v0.24.32'
const NOTHING = { texts: [], scenarioModules: [] }
const run = promisify(execFile)
const seconds = () => (Date.now() / 1000).toFixed(3)

describe.skipIf(noDocker !== null)('in containers', () => {
  conforms('postgres', postgres, { image: POSTGRES })
  conforms('postgres 16, through its port, at 2 ms', postgres, { image: 'postgres:16', road: 'port', rttMs: 2 })
  conforms('libsql', libsql, { image: LIBSQL })
  conforms('libsql through its port, at 2 ms', libsql, { image: LIBSQL, road: 'port', rttMs: 2 })
})

describe.skipIf(noDocker !== null)('in Docker', () => {
  let scope: TestScope
  beforeEach(async () => {
    scope = await testScope()
  })
  afterEach(async () => {
    await scope.close()
    const left = await containersHere()
    if (left.length > 0) throw new Error(`${left.length} containers are left`)
  })

  const provision = (road: string) =>
    postgres.provision({ ...postgres.defaults, image: POSTGRES, road }, scope, NOTHING)

  test('the shorter road is taken, or the one that is asked for; nobody else on the network can take one', async () => {
    const byAddress = await provision('auto')
    const byPort = await provision('port')
    const { imageId } = byAddress.servers[0]!.container!
    expect(imageId).toMatch(/^sha256:[0-9a-f]{64}$/)
    expect(byAddress.servers[0]).toMatchObject({
      name: 'PostgreSQL',
      container: { image: POSTGRES, imageId, road: 'address' },
    })
    expect(byPort.servers[0]).toMatchObject({ container: { image: POSTGRES, imageId, road: 'port' } })
    expect(byAddress.servers[0]!.version).toMatch(/^18\./)
    expect(new URL(byAddress.address.url)).toMatchObject({ port: '5432' })
    expect(new URL(byPort.address.url)).toMatchObject({ hostname: '127.0.0.1' })
    const containers = await containersHere()
    expect(containers).toHaveLength(2)
    for (const { publishedOn } of containers) expect(publishedOn).toEqual(['127.0.0.1'])
  })

  test('servers are pinned as processes are', async () => {
    const pinned = { ...scope, serverCpus: [0] }
    const { servers } = await postgres.provision({ ...postgres.defaults, image: POSTGRES }, pinned, NOTHING)
    expect(servers[0]!.cpus).toEqual([0])
    const [container] = await containersHere()
    const { client } = await openDocker()
    const { HostConfig } = await client.container.getById(container!.id).inspect()
    expect(HostConfig.CpusetCpus).toBe('0')
  })

  test('the volume of a container goes with it', async () => {
    await provision('auto')
    const [container] = await containersHere()
    const { client } = await openDocker()
    const { Mounts } = await client.container.getById(container!.id).inspect()
    const [volume] = Mounts as readonly { readonly Name?: string }[]
    const volumes = async () => (await run('docker', ['volume', 'ls', '--quiet'])).stdout
    expect(await volumes()).toContain(volume!.Name)
    await scope.close()
    expect(await volumes()).not.toContain(volume!.Name)
  })

  const wanted: ContainerCommand = {
    name: 'PostgreSQL',
    image: POSTGRES,
    port: 5432,
    environment: { POSTGRES_PASSWORD: 'a' },
    road: 'auto',
    version: () => Promise.reject(new Error('not yet')),
  }
  const failure = async (change: Partial<ContainerCommand>): Promise<SqlatencyError> => {
    const error: unknown = await startContainer({ ...wanted, ...change }, scope).catch((thrown: unknown) => thrown)
    if (!(error instanceof SqlatencyError)) throw new Error('it did not fail as expected', { cause: error })
    return error
  }

  test('an image that cannot be pulled', async () => {
    const { code, message, remedy } = await failure({ image: 'sqlatency.invalid/none:1' })
    expect(code).toBe('IMAGE_MISSING')
    expect(message).toMatch(/^The image sqlatency\.invalid\/none:1 for PostgreSQL could not be pulled: ./)
    expect(remedy).toContain('`docker pull sqlatency.invalid/none:1`')
  })

  test('a container that ends at once, with its log', async () => {
    const { code, message } = await failure({ environment: {} })
    expect(code).toBe('SERVER_NOT_READY')
    expect(message).toMatch(
      /^PostgreSQL in a container of postgres:18 ended at once \(exit code 1\); it said: .*password is not specified/,
    )
  })

  test('a server that never answers, with its log', async () => {
    const { code, message } = await failure({ readyTimeoutMs: 4000 })
    expect(code).toBe('SERVER_NOT_READY')
    expect(message).toMatch(/could not be used after 4 s \(not yet\); it said: \S/)
  })

  test('a port on which nothing listens', async () => {
    const { message } = await failure({ port: 5999, road: 'address', readyTimeoutMs: 500 })
    expect(message).toMatch(/could not be used after 0\.5 s \(nothing listens\)/)
  })

  test('a health check that never passes, with what it said', async () => {
    const image = 'sqlatency-test-unhealthy'
    const build = run('docker', ['build', '--quiet', '--tag', image, '-'])
    build.child.stdin?.end(`FROM ${POSTGRES}\nHEALTHCHECK --interval=200ms --retries=2 CMD echo it is ill && exit 1\n`)
    await build
    try {
      const { code, message } = await failure({ image })
      expect(code).toBe('SERVER_NOT_READY')
      expect(message).toMatch(/does not pass the health check of its image \(it is ill\)/)
    } finally {
      await scope.close()
      await run('docker', ['image', 'rm', '--force', image])
    }
  })

  test('an unknown road', async () => {
    const { code, remedy } = await failure({ road: 'river' })
    expect(code).toBe('UNKNOWN_NAME')
    expect(remedy).toBe('There are: auto, address, port.')
  })

  test('an interruption while a container starts leaves none', async () => {
    await openDocker()
    const controller = new AbortController()
    const starting = startContainer(wanted, { ...scope, signal: controller.signal })
    // Docker is being asked, and has made nothing yet.
    await sleep(1)
    expect(await Promise.race([starting.catch(() => 'settled'), sleep(0, 'asked')])).toBe('asked')
    controller.abort()
    await expect(starting).rejects.toMatchObject({ name: 'AbortError' })
    await scope.close()
    for (let n = 0; n < 15; n += 1) {
      expect(await containersHere()).toEqual([])
      await sleep(100)
    }
  })

  test('an interruption while an image is pulled makes no container of it, and says what it waits for', async () => {
    const registry = await heldRegistry()
    onTestFinished(async () => {
      registry.close()
      await run('docker', ['image', 'rm', '--force', registry.image])
    })
    const controller = new AbortController()
    const starting = startContainer({ ...wanted, image: registry.image }, { ...scope, signal: controller.signal })
    const since = seconds()
    await registry.pulling
    controller.abort()
    await expect(starting).rejects.toMatchObject({ name: 'AbortError' })
    const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
    const closing = scope.close()
    registry.release()
    await closing
    expect(said.mock.calls).toEqual([[`waiting until Docker has pulled ${registry.image}\n`]])
    said.mockRestore()
    const label = `label=${RUN_LABEL}=${runLabels()[RUN_LABEL]}`
    const asked = ['--since', since, '--until', seconds(), '--filter', 'event=create', '--filter', label]
    expect((await run('docker', ['events', ...asked])).stdout).toBe('')
  })
})

describe.skipIf(noDocker === null)('where there is no Docker', () => {
  test('a container is skipped, with what to do', async () => {
    await using scope = await testScope()
    await expect(postgres.provision({ ...postgres.defaults, image: POSTGRES }, scope, NOTHING)).rejects.toMatchObject({
      code: 'NOT_AVAILABLE',
      message: 'No Docker answers here.',
      remedy: expect.stringContaining('docker info'),
    })
  })
})

test.each([
  ['postgres', postgres],
  ['libsql', libsql],
] as const)('%s takes a url or an image, not both', async (_, adapter) => {
  await using scope = await testScope()
  const options = { ...adapter.defaults, url: 'http://127.0.0.1:1', image: POSTGRES }
  const provision = adapter.provision as (...args: unknown[]) => Promise<unknown>
  await expect((async () => provision(options, scope, NOTHING))()).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
})
