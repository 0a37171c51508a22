import type * as Library from 'testcontainers'
import { messageOf, SqlatencyError } from '../../bench/contract/index.ts'

export interface Docker {
  readonly library: typeof Library
  readonly client: Library.ContainerRuntimeClient
}

export type Container = ReturnType<Docker['client']['container']['getById']>
export type Inspected = Awaited<ReturnType<Container['inspect']>>

/**
 * The Docker of this machine, by testcontainers, which is loaded for nothing else.
 * @throws SqlatencyError NOT_AVAILABLE, which skips the backend
 */
export async function openDocker(): Promise<Docker> {
  const library = await load()
  try {
    return { library, client: await library.getContainerRuntimeClient() }
  } catch (error) {
    throw new SqlatencyError(
      'NOT_AVAILABLE',
      'No Docker answers here.',
      { remedy: 'Start Docker, or name its daemon in DOCKER_HOST: `docker info` has to work for this user.' },
      { cause: error },
    )
  }
}

async function load(): Promise<typeof Library> {
  try {
    return await import('testcontainers')
  } catch (error) {
    const [first] = messageOf(error).split('\n', 1)
    throw new SqlatencyError(
      'NOT_AVAILABLE',
      `Containers cannot be started here, because testcontainers does not load (${first}).`,
      { remedy: 'Run `npm install testcontainers@12` in your project.' },
      { cause: error },
    )
  }
}
