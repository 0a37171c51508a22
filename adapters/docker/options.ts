import type { ServerFacts } from '../../bench/contract/index.ts'
import { SqlatencyError } from '../../bench/contract/index.ts'

/** Options of every adapter whose server can run in a container. */
export const dockerOptions = {
  /** Docker starts this image, for example `postgres:18`. Null: no container. */
  image: null as string | null,
  /** How the container is reached: `address`, `port`, or `auto` for the shorter of the two that is there. */
  road: 'auto',
}

export type DockerOptions = Readonly<typeof dockerOptions>

export function refuseUrlAndImage(adapter: string, { url, image }: { url: string | null; image: string | null }): void {
  if (url === null || image === null) return
  throw new SqlatencyError(
    'CONFIG_INVALID',
    `${adapter}: a url names a database that is there, and an image one that Docker starts; give one of them.`,
    { file: 'the configuration' },
  )
}

/** Where packets of a TUN device do not lead: such a server is moved away by the relay alone. */
export const inContainer = (servers: readonly ServerFacts[]): boolean =>
  servers.some(({ container }) => container !== undefined)
