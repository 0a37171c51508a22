import { expect, test } from 'vitest'
import { k6Here, WITHOUT_K6 } from './k6/testing/here.ts'
import { builtInBackends } from './plans/backends.ts'
import { project, sqlatency, storedRun } from './testing/cli.ts'

/** One of each adapter: the first, so that a new adapter is asked without being named here. */
const ONE_EACH = Object.entries(builtInBackends)
  .filter(([, { adapter }], n, all) => all.findIndex(([, other]) => other.adapter === adapter) === n)
  .map(([id]) => id)

/** Programs that npm does not bring. CI builds them, and there these are measured. */
const NEEDS: Readonly<Record<string, string>> = {
  litestream: 'SQLATENCY_LITESTREAM_BIN',
  litefs: 'SQLATENCY_LITEFS_BIN',
}
const isBuilt = (id: string): boolean => NEEDS[id] === undefined || (process.env[NEEDS[id]] ?? '') !== ''

test.skipIf(k6Here === null)(`k6 asks a backend of every adapter (${WITHOUT_K6})`, async () => {
  const folder = project()
  const asked = ['--backend', ONE_EACH.join(','), '--scenario', 'point-read', '--scale', '0.02']
  const load = ['--rate', '20', '--duration', '1s', '--warm-up', '0']
  const { code } = await sqlatency(folder, ['k6', '--quiet', ...asked, ...load])
  const { cells } = storedRun(folder).k6!
  expect(cells.filter(({ outcome }) => outcome === 'failed')).toEqual([])
  expect(code).toBe(0)
  for (const id of ONE_EACH) {
    const own = cells.filter(({ backend }) => backend === id)
    expect(own.map(({ scenario }) => scenario)).toEqual(id === 'null' ? [null] : [null, 'point-read'])
    for (const cell of own) {
      if (cell.outcome !== 'measured') {
        // What cannot be measured here says why, and is no failure.
        expect([cell, isBuilt(id)]).toEqual([expect.objectContaining({ outcome: 'skipped' }), false])
        continue
      }
      expect(cell).toMatchObject({ errors: [], target: id === 'd1-worker' ? 'worker' : 'serve' })
      expect(cell.answered).toBeGreaterThan(0)
    }
  }
})
