import { existsSync, readFileSync } from 'node:fs'
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

/** What does not apply to a machine is no test of it, and so not a skipped one either. */
const notApplicable = (_name: string, _body: () => unknown): void => undefined

;(isHere() ? test : notApplicable)('nothing stays mounted', async () => {
  const scope = await testScope()
  await litefs.provision(litefs.defaults, scope, NOTHING)
  expect(readFileSync('/proc/mounts', 'utf8')).toContain(scope.directory)
  await scope.close()
  expect(readFileSync('/proc/mounts', 'utf8')).not.toContain(scope.directory)
})

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
