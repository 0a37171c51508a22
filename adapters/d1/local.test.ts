import { fork } from 'node:child_process'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { commandOf, descendants, isAlive, survivors } from './testing/processes.ts'
import { seedFixture, startFixture } from './testing/started.ts'

const ECHO = 'SELECT ? AS value'
const isWorkerd = (pid: number): boolean => commandOf(pid).includes('serve --binary')

/** Processes that a step started. */
async function startedBy<Result>(step: () => Promise<Result>): Promise<[Result, number[]]> {
  const before = new Set(descendants(process.pid))
  const result = await step()
  return [result, descendants(process.pid).filter((pid) => !before.has(pid))]
}

describe.skipIf(process.platform !== 'linux')('the local Worker leaves nothing behind', { timeout: 180_000 }, () => {
  test('when its scope closes', async () => {
    const [started, pids] = await startedBy(() => startFixture())
    expect(pids.filter(isWorkerd)).toHaveLength(1)
    await started.scope.close()
    expect(pids.filter(isAlive)).toEqual([])
  })

  test('when the harness is killed', async () => {
    const harness = fork(fileURLToPath(new URL('./testing/doomed-harness.ts', import.meta.url)), { execArgv: [] })
    const [{ directory, pids }] = (await once(harness, 'message')) as [{ directory: string; pids: number[] }]
    expect(pids.filter(isWorkerd)).toHaveLength(1)
    harness.kill('SIGKILL')
    expect(await survivors(pids)).toEqual([])
    // A killed harness cannot remove its folder; its next run does.
    await rm(directory, { recursive: true })
  })

  test('when the process that hosts it is killed', async () => {
    const [started, pids] = await startedBy(() => startFixture())
    await using _ = started
    const host = pids.find((pid) => commandOf(pid).includes('host-process'))!
    process.kill(host, 'SIGKILL')
    expect(await survivors(pids)).toEqual([])
  })
})

describe.skipIf(process.platform !== 'linux')('a runtime that dies', { timeout: 180_000 }, () => {
  test('rejects what was asked, and ends the host instead of going on with a new isolate', async () => {
    const [started, pids] = await startedBy(() => startFixture())
    await using _ = started
    const { session } = started
    await seedFixture(session)
    const pending = Array.from({ length: 50 }, () => session.prepare(ECHO)([1]))
    process.kill(pids.find(isWorkerd)!, 'SIGKILL')
    const codes = (await Promise.allSettled(pending)).flatMap((each) =>
      each.status === 'rejected' ? [each.reason.code as string] : [],
    )
    expect(codes.length).toBeGreaterThan(0)
    expect(['ECONNRESET', 'ECONNREFUSED', 'EPIPE']).toEqual(expect.arrayContaining([...new Set(codes)]))
    expect(await survivors(pids)).toEqual([])
    await expect(session.prepare(ECHO)([1])).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })
})

test('rttMs puts a measured distance between', async () => {
  await using started = await startFixture({ rttMs: 20 })
  expect(started.provisioned.distance).toMatchObject({ requestedRttNs: 20_000_000 })
  const { settings } = await started.session.facts()
  expect(settings['empty_request_p50_ns']).toBeGreaterThan(20_000_000)
}, 60_000)

test('neither the command line nor the environment of the host shows the token', async () => {
  if (process.platform !== 'linux') return
  const { readFile } = await import('node:fs/promises')
  const [started, pids] = await startedBy(() => startFixture())
  await using _ = started
  const servers = pids.filter((pid) => isWorkerd(pid) || commandOf(pid).includes('host-process'))
  expect(servers).toHaveLength(2)
  for (const pid of servers) {
    expect(commandOf(pid)).not.toContain(started.address.token)
    expect(await readFile(`/proc/${pid}/environ`, 'utf8')).not.toContain(started.address.token)
  }
}, 60_000)
