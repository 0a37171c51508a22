import { createHash, randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'

const TYPE = 'application/vnd.docker.distribution.manifest.v2+json'
const digestOf = (content: Buffer): string => `sha256:${createHash('sha256').update(content).digest('hex')}`
const jsonOf = (value: object): Buffer => Buffer.from(JSON.stringify(value))

export interface HeldRegistry {
  /** An image with nothing in it. */
  readonly image: string
  /** Settles when Docker waits for its one layer. */
  readonly pulling: Promise<void>
  /** Sends the layer. */
  release(): void
  close(): void
}

/** A registry on loopback whose image takes until it is released. */
export async function heldRegistry(): Promise<HeldRegistry> {
  // A tar file without an entry, and of a length of its own: Docker does not fetch what it has.
  const plain = Buffer.alloc(512 * randomInt(2, 10_000))
  const layer = gzipSync(plain)
  const config = jsonOf({
    architecture: process.arch === 'arm64' ? 'arm64' : 'amd64',
    os: 'linux',
    config: { Cmd: ['/nothing'] },
    rootfs: { type: 'layers', diff_ids: [digestOf(plain)] },
  })
  const entry = (mediaType: string, content: Buffer) => ({
    mediaType: `application/vnd.docker.${mediaType}`,
    size: content.length,
    digest: digestOf(content),
  })
  const manifest = jsonOf({
    schemaVersion: 2,
    mediaType: TYPE,
    config: entry('container.image.v1+json', config),
    layers: [entry('image.rootfs.diff.tar.gzip', layer)],
  })
  const pulling = Promise.withResolvers<void>()
  const released = Promise.withResolvers<void>()
  const server = createServer((request, response) => {
    void (async () => {
      const { url = '' } = request
      const found = [config, layer].find((content) => url.endsWith(`/blobs/${digestOf(content)}`))
      if (found === layer) {
        pulling.resolve()
        await released.promise
      }
      if (url === '/v2/') response.end('{}')
      else if (found !== undefined) response.end(found)
      else if (!url.includes('/manifests/')) response.writeHead(404).end()
      else {
        const headers = { 'content-type': TYPE, 'docker-content-digest': digestOf(manifest) }
        response.writeHead(200, { ...headers, 'content-length': manifest.length }).end(manifest)
      }
    })()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    image: `127.0.0.1:${(server.address() as AddressInfo).port}/held:1`,
    pulling: pulling.promise,
    release: released.resolve,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}
