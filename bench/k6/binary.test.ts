import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, onTestFinished, test, vi } from 'vitest'
import { findK6 } from './binary.ts'
import { k6Here, WITHOUT_K6 } from './testing/here.ts'

afterEach(() => vi.unstubAllEnvs())

/** A program that says it is k6 of some version: those that the script does not know cannot be had. */
function impostor(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'sqlatency-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'k6')
  writeFileSync(path, `#!/bin/sh\n${text}\n`)
  chmodSync(path, 0o700)
  return path
}

test.each([
  ['named and not there', () => '/nowhere/k6', /^There is no k6 where SQLATENCY_K6_BIN says\.$/],
  [
    'of another major version',
    () => impostor(`echo '{"version":"v3.0.1"}'`),
    /is k6 v3\.0\.1, and the script is for 1 and 2\.$/,
  ],
  ['of no version', () => impostor(`echo '{}'`), /does not answer as k6 does\.$|is k6 undefined/],
  ['something else', () => impostor('echo hello'), /does not answer as k6 does\.$/],
  ['something that fails', () => impostor('exit 1'), /does not answer as k6 does\.$/],
  ['no program', () => tmpdir(), /does not answer as k6 does\.$/],
])('a k6 that is %s is said to be, with what to do', async (_, path, message) => {
  vi.stubEnv('SQLATENCY_K6_BIN', path())
  await expect(findK6()).rejects.toMatchObject({
    code: 'K6_MISSING',
    message: expect.stringMatching(message),
    remedy: expect.stringContaining('--script-only'),
  })
})

test('a k6 that is not on the PATH is said to be missing', async () => {
  vi.stubEnv('SQLATENCY_K6_BIN', '')
  vi.stubEnv('PATH', '/nowhere')
  await expect(findK6()).rejects.toMatchObject({ code: 'K6_MISSING', message: 'There is no k6 on the PATH.' })
})

test.skipIf(k6Here === null)(`a k6 that is there says its version (${WITHOUT_K6})`, () => {
  expect(k6Here!.version).toMatch(/^v[12]\.\d+\.\d+/)
})
