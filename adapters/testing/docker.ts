import { messageOf } from '../../bench/contract/index.ts'
import { openDocker } from '../docker/library.ts'
import { RUN_LABEL, runLabels } from '../docker/labels.ts'

/** Why tests of containers are skipped here; null where Docker answers, as it does in CI. */
export const noDocker: string | null = await openDocker().then(() => null, messageOf)

if (noDocker !== null) console.info(`Tests of containers are skipped: ${noDocker}`)

/** Containers of this process, whether they run or not. */
export async function containersHere(): Promise<{ readonly id: string; readonly publishedOn: readonly string[] }[]> {
  const { dockerode } = (await openDocker()).client.container
  const label = [`${RUN_LABEL}=${runLabels()[RUN_LABEL]}`]
  const found = await dockerode.listContainers({ all: true, filters: { label } })
  return found.map(({ Id, Ports }) => ({ id: Id, publishedOn: Ports.flatMap(({ IP }) => IP ?? []) }))
}
