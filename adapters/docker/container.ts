import { setTimeout as sleep } from 'node:timers/promises'
import type { Scope, ServerFacts } from '../../bench/contract/index.ts'
import { messageOf, SqlatencyError } from '../../bench/contract/index.ts'
import type { End } from '../distance/echo.ts'
import type { MadeContainer } from './create.ts'
import { createContainer } from './create.ts'
import type { Inspected } from './library.ts'
import { openDocker } from './library.ts'
import type { Way } from './road.ts'
import { accepts, checkRoad, waysTo } from './road.ts'

export interface ContainerCommand {
  /** For people, in errors: "PostgreSQL". */
  readonly name: string
  readonly image: string
  /** Where it listens inside. */
  readonly port: number
  readonly environment: Readonly<Record<string, string>>
  /** `auto`, `address` or `port`. */
  readonly road: string
  /** The version of the server, asked of itself; throws as long as it cannot be used. */
  version(end: End): Promise<string>
  readonly readyTimeoutMs?: number
}

export interface StartedContainer {
  readonly end: End
  readonly facts: ServerFacts
}

const POLL_MS = 50
const READY_TIMEOUT_MS = 60_000

/** Starts a container and waits until its server can be used. It goes with its volumes when the scope ends. */
export async function startContainer(wanted: ContainerCommand, scope: Scope): Promise<StartedContainer> {
  checkRoad(wanted.road)
  const docker = await openDocker()
  const made = await createContainer(wanted, docker, scope)
  const deadline = performance.now() + (wanted.readyTimeoutMs ?? READY_TIMEOUT_MS)
  for (;;) {
    const inspected = await made.inspect()
    await refuseEnded(wanted, made, inspected)
    const ways = waysTo(
      wanted.road,
      ...endsOf(inspected, wanted.port, docker.client.info.containerRuntime.host),
      docker.client,
    )
    const found = await shortestThatAnswers(ways, wanted).catch((error: unknown) => messageOf(error))
    if (typeof found !== 'string') {
      const { road, end } = found.way
      return {
        end,
        facts: {
          name: wanted.name,
          version: found.version,
          cpus: inspected.HostConfig.CpusetCpus === '' ? null : scope.serverCpus,
          container: { image: wanted.image, imageId: inspected.Image, road },
        },
      }
    }
    scope.signal.throwIfAborted()
    if (performance.now() > deadline) {
      const seconds = (wanted.readyTimeoutMs ?? READY_TIMEOUT_MS) / 1000
      throw await notReady(wanted, made, `could not be used after ${seconds} s (${found})`)
    }
    await sleep(POLL_MS)
  }
}

/** Asked twice: a shorter way that was asked in vain, a moment before a longer one answered, is not left out by chance. */
async function shortestThatAnswers(
  ways: readonly Way[],
  { version }: ContainerCommand,
): Promise<{ readonly way: Way; readonly version: string }> {
  const ask = async () => {
    let trouble: unknown
    for (const way of ways) {
      try {
        if (await accepts(way.end)) return { way, version: await version(way.end) }
      } catch (error) {
        trouble = error
      }
    }
    throw trouble ?? new Error('nothing listens')
  }
  await ask()
  return ask()
}

/** Its own address inside Docker, and where Docker publishes its port. */
function endsOf({ NetworkSettings }: Inspected, port: number, host: string): [address: End, port: End] {
  const [network] = Object.values(NetworkSettings.Networks)
  const [binding] = NetworkSettings.Ports[`${port}/tcp`] ?? []
  return [
    { host: network?.IPAddress ?? '', port },
    { host: host === 'localhost' ? '127.0.0.1' : host, port: Number(binding?.HostPort) },
  ]
}

async function refuseEnded(wanted: ContainerCommand, made: MadeContainer, { State }: Inspected): Promise<void> {
  if (!State.Running) {
    const why = State.Error === '' ? '' : `: ${State.Error}`
    throw await notReady(wanted, made, `ended at once (exit code ${State.ExitCode}${why})`)
  }
  if (State.Health?.Status !== 'unhealthy') return
  const said = State.Health.Log.at(-1)?.Output.trim() ?? ''
  throw await notReady(wanted, made, `does not pass the health check of its image${said === '' ? '' : ` (${said})`}`)
}

async function notReady({ name, image }: ContainerCommand, made: MadeContainer, how: string): Promise<SqlatencyError> {
  const said = await made.log()
  return new SqlatencyError(
    'SERVER_NOT_READY',
    `${name} in a container of ${image} ${how}${said === '' ? '' : `; it said: ${said}`}.`,
  )
}
