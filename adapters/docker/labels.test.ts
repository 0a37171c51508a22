import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { HOST_LABEL, isAlive, RUN_LABEL, runLabels } from './labels.ts'

test('a run is alive as long as its process is', async () => {
  const own = runLabels()
  expect(isAlive(own)).toBe(true)
  // The same id, given to a process that started at another time.
  if (process.platform === 'linux') expect(isAlive({ ...own, [RUN_LABEL]: `${process.pid}-1` })).toBe(false)
  const child = spawn('true')
  await once(child, 'exit')
  expect(isAlive({ ...own, [RUN_LABEL]: own[RUN_LABEL]!.replace(String(process.pid), String(child.pid)) })).toBe(false)
})

test('of a run of another host nothing is said', () => {
  expect(isAlive({ ...runLabels(), [HOST_LABEL]: 'elsewhere' })).toBe(null)
  expect(isAlive({ [RUN_LABEL]: '1-1' })).toBe(null)
})
