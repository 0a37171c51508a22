import { execFileSync } from 'node:child_process'
import { chmod, cp, mkdir } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'
import { testScope } from '../testing/scope.ts'
import { findBinaries, runnableBy, unprivileged } from './postgres-binaries.ts'

const me = { uid: process.getuid!(), gid: process.getgid!() }

/** As root: the account that PostgreSQL is given; else ourselves, who may not give files away. */
const account = (await unprivileged()) ?? me

describe('binaries that another account runs', () => {
  it('are used where they lie, and copied where the way there is closed to others', async () => {
    await using scope = await testScope()
    await chmod(scope.directory, 0o711)
    const installed = await findBinaries()
    const hidden = join(scope.directory, 'hidden')
    const open = join(hidden, 'native')
    await mkdir(hidden)
    await cp(dirname(dirname(installed.postgres)), open, { recursive: true, verbatimSymlinks: true })
    const binaries = { initdb: join(open, 'bin/initdb'), postgres: join(open, 'bin/postgres') }
    expect(await runnableBy(account, binaries, scope.directory)).toBe(binaries)

    await chmod(hidden, 0o700)
    const copied = await runnableBy(account, binaries, scope.directory)
    expect(relative(scope.directory, copied.postgres)).toBe('postgresql/bin/postgres')
    for (const program of [copied.postgres, copied.initdb]) {
      expect(execFileSync(program, ['--version'], { ...account, encoding: 'utf8', cwd: '/' })).toMatch(
        /PostgreSQL\) 18/,
      )
    }
  })

  it('have no place in a work folder that only its owner may enter', async () => {
    await using scope = await testScope()
    await chmod(scope.directory, 0o700)
    await expect(runnableBy(account, await findBinaries(), scope.directory)).rejects.toMatchObject({
      code: 'SERVER_NOT_READY',
      message: expect.stringContaining(scope.directory),
    })
  })
})
