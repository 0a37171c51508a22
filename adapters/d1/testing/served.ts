import { timingSafeEqual } from 'node:crypto'
import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Scope } from '../../../bench/contract/index.ts'
import { scenarios } from '../../../scenarios/index.ts'
import { migrationSql } from '../deploy/migration.ts'
import { deployedTexts } from '../deploy/texts.ts'
import type { Address } from '../session.ts'
import { createWorker } from '../worker.ts'
import type { FakeD1, FakeOptions } from './fake-d1.ts'
import { fakeD1 } from './fake-d1.ts'

// Workers have this comparison and Node does not.
Object.assign(crypto.subtle, {
  timingSafeEqual: (a: ArrayBuffer, b: ArrayBuffer) => timingSafeEqual(new Uint8Array(a), new Uint8Array(b)),
})

export interface DeployedFake {
  readonly fake: FakeD1
  readonly address: Address
}

export interface ServeOptions extends Omit<FakeOptions, 'schema'> {
  /** What the Worker is asked instead of the path of a request. */
  readonly pathOf?: (path: string) => string
}

/** The deployed Worker itself (deploy/entry.ts) on loopback HTTP, above a migrated D1 that is fake. */
export async function deployFake(
  { pathOf = (path) => path, ...options }: ServeOptions,
  scope: Scope,
): Promise<DeployedFake> {
  const schema = migrationSql([])
    .replaceAll(/^--.*$/gm, '')
    .split(';')
    .filter((text) => text.trim() !== '')
  const fake = fakeD1({ ...options, schema })
  scope.defer(() => fake.close())
  const token = 'token-of-the-fake'
  const worker = createWorker(scenarios, { texts: () => deployedTexts(scenarios) })
  const answer = async (asked: IncomingMessage, answered: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = []
    for await (const chunk of asked) chunks.push(chunk as Buffer)
    const { method = 'POST', headers, url = '/' } = asked
    const authorization = headers.authorization ?? ''
    const request = new Request(`http://worker.test${pathOf(url)}`, {
      method,
      headers: { authorization },
      body: Buffer.concat(chunks),
    })
    const response = await worker.fetch(request, { DB: fake, SQLATENCY_TOKEN: token })
    answered.writeHead(response.status, { 'content-type': 'application/json' })
    answered.end(await response.text())
  }
  const server = createServer((asked, answered) => void answer(asked, answered))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  scope.defer(async () => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  })
  const { port } = server.address() as AddressInfo
  return { fake, address: { url: `http://127.0.0.1:${port}`, token, isLocal: false } }
}
