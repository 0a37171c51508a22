import type { Scope } from '../../bench/contract/index.ts'
import { messageOf, SqlatencyError } from '../../bench/contract/index.ts'
import type { ContainerCommand } from './container.ts'
import { runLabels } from './labels.ts'
import type { Container, Docker, Inspected } from './library.ts'
import { isHere, publishedOn } from './road.ts'

/** A container that was started, and may have ended already. */
export interface MadeContainer {
  inspect(): Promise<Inspected>
  /** The last lines that it wrote, in one. */
  log(): Promise<string>
}

/** PostgreSQL keeps the memory of parallel queries there, and Docker gives 64 MB. */
const SHARED_MEMORY_BYTES = 256 * 1024 * 1024
const LINES = 6

/** Waiting is not left to testcontainers: it takes a container that ended away before anybody could read why. */
export async function createContainer(
  { name, image, port, environment }: ContainerCommand,
  { library, client }: Docker,
  scope: Scope,
): Promise<MadeContainer> {
  scope.signal.throwIfAborted()
  let id: string | null = null
  let isPulling = true
  const address = publishedOn(client)
  class Ours extends library.GenericContainer {
    protected override beforeContainerCreated(): Promise<void> {
      isPulling = false
      scope.signal.throwIfAborted()
      if (scope.serverCpus !== null && isHere(client)) this.hostConfig.CpusetCpus = scope.serverCpus.join(',')
      if (address !== null) this.hostConfig.PortBindings = boundTo(address, this.hostConfig.PortBindings as Bindings)
      return Promise.resolve()
    }
    protected override containerCreated(made: string): Promise<void> {
      id = made
      return Promise.resolve()
    }
  }
  const started = new Ours(image)
    .withEnvironment({ ...environment })
    .withExposedPorts(port)
    .withLabels(runLabels())
    .withDefaultLogDriver()
    .withSharedMemorySize(SHARED_MEMORY_BYTES)
    .withWaitStrategy(library.Wait.forAll([]))
    .start()
    .catch((error: unknown) => {
      isPulling = false
      return error
    })
  scope.defer(async () => {
    // A pull that has begun cannot be called off.
    if (isPulling) process.stderr.write(`waiting until Docker has pulled ${image}\n`)
    await started
    if (id !== null) await removeContainer(client.container.getById(id))
  })
  const trouble = await Promise.race([started, aborted(scope.signal)])
  scope.signal.throwIfAborted()
  if (id !== null) return madeOf(client.container.getById(id))
  throw await notCreated(name, image, trouble, client)
}

type Bindings = Readonly<Record<string, readonly { readonly HostPort: string }[]>>

/** Without a host's address Docker publishes a port to the whole network. */
const boundTo = (address: string, bindings: Bindings): object =>
  Object.fromEntries(
    Object.entries(bindings).map(([port, places]) => [port, places.map((place) => ({ ...place, HostIp: address }))]),
  )

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))

/** Also one that runs; its anonymous volumes go with it. */
export async function removeContainer(container: Container): Promise<void> {
  try {
    await container.remove({ force: true, v: true })
  } catch (error) {
    // Gone, or about to go.
    if (![404, 409].includes((error as { statusCode?: number }).statusCode ?? 0)) throw error
  }
}

function madeOf(container: Container): MadeContainer {
  return {
    inspect: () => container.inspect(),
    async log() {
      const stream = await container.logs({ stdout: true, stderr: true, tail: LINES })
      return plain(stream).trim().split('\n').join(' | ')
    },
  }
}

/** Docker's log comes in pieces, each behind eight bytes that end with its length. */
function plain(stream: Buffer): string {
  let text = ''
  for (let at = 0; at + 8 <= stream.length;) {
    const size = stream.readUInt32BE(at + 4)
    text += stream.toString('utf8', at + 8, at + 8 + size)
    at += 8 + size
  }
  return text
}

/** Whether an image could not be pulled shows when a container is made of it at the latest. */
async function notCreated(name: string, image: string, cause: unknown, client: Docker['client']): Promise<Error> {
  const said = messageOf(cause)
  const isThere = await client.container.dockerode
    .getImage(image)
    .inspect()
    .then(() => true)
    .catch(() => false)
  return isThere
    ? new SqlatencyError('CONTAINER_FAILED', `${name} got no container of ${image}: ${said}.`, {}, { cause })
    : new SqlatencyError(
        'IMAGE_MISSING',
        `The image ${image} for ${name} could not be pulled: ${said}.`,
        { image },
        { cause },
      )
}
