import { removeContainer } from './create.ts'
import { HOST_LABEL, isAlive, RUN_LABEL } from './labels.ts'
import { openDocker } from './library.ts'

/** A container of a run of ours. */
export interface LeftContainer {
  /** `a1b2c3d4e5f6 (postgres:18)` */
  readonly name: string
  /** Null: the run was started on another host, which alone can tell. */
  readonly alive: boolean | null
  readonly host: string
  /** With its volumes. */
  remove(): Promise<void>
}

/** Containers that carry our label, whether they run or not. None where there is no Docker. */
export async function ownContainers(): Promise<LeftContainer[]> {
  const docker = await openDocker().catch(() => null)
  if (docker === null) return []
  const { dockerode } = docker.client.container
  const filters = { label: [RUN_LABEL] }
  const found = await dockerode.listContainers({ all: true, filters })
  return found.map(({ Id, Image, Labels }) => ({
    name: `container ${Id.slice(0, 12)} (${Image})`,
    alive: isAlive(Labels),
    host: Labels[HOST_LABEL] ?? 'unknown',
    remove: () => removeContainer(dockerode.getContainer(Id)),
  }))
}
