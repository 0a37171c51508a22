import { afterEach, expect, test, vi } from 'vitest'
import litestream from './litestream.ts'
import { foundBinary } from './servers/found-binary.ts'
import { conforms } from './testing/conformance.ts'
import { testScope } from './testing/scope.ts'

afterEach(() => vi.unstubAllEnvs())

/** npm does not bring it. CI does, and there all of this runs. */
function isHere(): boolean {
  try {
    return foundBinary('litestream', 'SQLATENCY_LITESTREAM_BIN', '') !== ''
  } catch {
    return false
  }
}

if (isHere()) {
  conforms('litestream', litestream, {}, { listens: false })
  conforms('litestream without readYourWrites', litestream, { readYourWrites: false }, { listens: false })
}

test.each([
  [
    'named',
    { SQLATENCY_LITESTREAM_BIN: '/nowhere/litestream' },
    'There is no litestream where SQLATENCY_LITESTREAM_BIN says.',
  ],
  ['looked for', { SQLATENCY_LITESTREAM_BIN: '', PATH: '/nowhere' }, 'There is no litestream on the PATH.'],
])('a binary that is %s and not there is said to be missing, with what to do', async (_, variables, message) => {
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value)
  await using scope = await testScope()
  await expect(
    litestream.provision(litestream.defaults, scope, { texts: [], scenarioModules: [] }),
  ).rejects.toMatchObject({ code: 'NOT_AVAILABLE', message, remedy: expect.stringContaining('go install') })
})
