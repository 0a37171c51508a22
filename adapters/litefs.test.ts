import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import litefs from './litefs.ts'
import { foundBinary } from './servers/found-binary.ts'
import { conforms } from './testing/conformance.ts'
import { testScope } from './testing/scope.ts'

afterEach(() => vi.unstubAllEnvs())

const NOTHING = { texts: [], scenarioModules: [] }

/** npm does not bring it. CI does, and there all of this runs. */
function isHere(): boolean {
  try {
    return existsSync('/dev/fuse') && foundBinary('litefs', 'SQLATENCY_LITEFS_BIN', '') !== ''
  } catch {
    return false
  }
}

if (isHere()) conforms('litefs', litefs)

test('a binary that is not there is said to be missing, with what to do', async () => {
  vi.stubEnv('SQLATENCY_LITEFS_BIN', '/nowhere/litefs')
  await using scope = await testScope()
  await expect(litefs.provision(litefs.defaults, scope, NOTHING)).rejects.toMatchObject({
    code: 'NOT_AVAILABLE',
    message: 'There is no litefs where SQLATENCY_LITEFS_BIN says.',
    remedy: expect.stringContaining('go install'),
  })
})

test('one that may not mount is skipped, with what to do', async () => {
  await using scope = await testScope()
  const refused = join(scope.directory, 'refused')
  const said = 'fusermount3: mount failed: Operation not permitted'
  await writeFile(refused, `#!/bin/sh\necho '${said}' >&2\nexit 1\n`, { mode: 0o755 })
  vi.stubEnv('SQLATENCY_LITEFS_BIN', refused)
  await expect(litefs.provision(litefs.defaults, scope, NOTHING)).rejects.toMatchObject({
    code: 'NOT_AVAILABLE',
    message: expect.stringContaining(existsSync('/dev/fuse') ? said : '/dev/fuse'),
    remedy: expect.stringContaining('fuse3'),
  })
})
