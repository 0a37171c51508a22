import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { project, sqlatency, storedRun } from './testing/cli.ts'

test('lag measures the replica with brackets, and says of one copy that it is one', async () => {
  const folder = project()
  const { code, stderr } = await sqlatency(folder, [
    'lag',
    '--backend',
    'turso-replica,postgres-local',
    '--markers',
    '12',
  ])
  expect(stderr).not.toContain('failed')
  expect(code).toBe(0)
  const run = storedRun(folder)
  expect(run.cells).toEqual([])
  const [replica, single] = run.lag
  expect(single).toEqual({ backend: 'postgres-local', outcome: 'none', reason: 'There is one copy of the data.' })
  if (replica?.outcome !== 'measured') throw new Error('not measured')
  expect(replica.markers).toBe(12)
  expect(replica.rightCensored).toBe(0)
  expect(replica.position).toMatchObject({ unit: 'frames', compared: 12, agreeing: 12 })
  for (const { p50 } of [replica.ackToVisible, replica.sendToVisible, replica.commitToVisible]) {
    expect(p50!.lowerNs).toBeLessThanOrEqual(p50!.pointNs)
    expect(p50!.pointNs).toBeLessThanOrEqual(p50!.upperNs)
  }
  const lines = readFileSync(join(folder, 'results', 'latest', replica.samples), 'utf8')
    .trim()
    .split('\n')
  expect(lines).toHaveLength(12)
  expect(JSON.parse(lines[0]!)).toMatchObject({ marker: 2 })
})
