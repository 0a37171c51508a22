import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { Row } from './row.ts'
import { exactly, near } from './row.ts'
import { selftest } from './selftest.ts'

// A temporary folder of its own: other tests look for the work folders of runs in the common one.
const folder = mkdtempSync(join(tmpdir(), 'sqlatency-attempts-'))
beforeAll(() => void vi.stubEnv('TMPDIR', folder))
afterAll(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

/** A check that says these rows one attempt after another. */
async function attempts(...said: readonly (readonly Row[])[]): Promise<{ attempts: number; verdicts: string[] }> {
  let runs = 0
  const check = { id: 'fake', title: 'Fake', run: () => Promise.resolve([...said[Math.min(runs++, said.length - 1)]!]) }
  const request = { checks: [check], quick: true, exact: false, stress: 0, signal: new AbortController().signal }
  const [checked] = await selftest(request, () => undefined)
  return { attempts: checked!.attempts, verdicts: checked!.rows.map(({ verdict }) => verdict) }
}

const right = exactly('right', 1, 1)
const wrong = exactly('wrong', 1, 2)
const late = near('late', 'ns', 1, 9, 1)

test('what holds on any machine has one attempt', async () => {
  expect(await attempts([right])).toEqual({ attempts: 1, verdicts: ['pass'] })
  expect(await attempts([wrong], [right])).toEqual({ attempts: 1, verdicts: ['fail'] })
  expect(await attempts([wrong, late], [right])).toMatchObject({ attempts: 1 })
})

test('what a neighbour can have spoilt has three', async () => {
  expect(await attempts([late], [right])).toEqual({ attempts: 2, verdicts: ['pass'] })
  expect(await attempts([late])).toMatchObject({ attempts: 3 })
})

test('an interruption ends it', async () => {
  const request = { checks: [], quick: true, exact: true, stress: 0, signal: AbortSignal.abort() }
  const check = { id: 'fake', title: 'Fake', run: () => Promise.reject(new Error('must not run')) }
  await expect(selftest({ ...request, checks: [check] }, () => undefined)).rejects.toMatchObject({ name: 'AbortError' })
})
