import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
import { noDocker } from '../adapters/testing/docker.ts'
import { project, sqlatency, start } from './testing/cli.ts'

const SMALL = ['--rounds', '2', '--duration', '10ms', '--warm-up', '5ms', '--scale', '0.02', '--markers', '5']
const docker = (...args: string[]): string => execFileSync('docker', args, { encoding: 'utf8' }).trim()
/** Containers of one run, also those that ended. Others may run on this machine. */
const containersOf = (run: string): string[] =>
  docker('ps', '--all', '--filter', 'label=sqlatency.run', '--format', '{{.ID}} {{.Label "sqlatency.run"}}')
    .split('\n')
    .flatMap((line) => (line.split(' ')[1]?.startsWith(`${run}-`) ? [line.split(' ')[0]!] : []))
const IMAGE = { SQLATENCY_POSTGRES_LOCAL_IMAGE: 'postgres:18' }

describe.skipIf(noDocker !== null)('in Docker', () => {
  test('what a killed run left is swept, and nothing else', async () => {
    const env = { ...IMAGE, TESTCONTAINERS_RYUK_DISABLED: 'true' }
    const labels = ['--label', 'sqlatency.run=elsewhere-1', '--label', 'sqlatency.host=elsewhere']
    const foreign = docker('create', ...labels, 'postgres:18').slice(0, 12)
    onTestFinished(() => void docker('rm', '--force', '--volumes', foreign))
    const folder = project()
    const running = start(folder, ['run', '--backend', 'postgres-local', ...SMALL, '--rounds', '50'], env)
    await running.saw(/measured [1-9]/)
    const left = containersOf(String(running.child.pid))
    expect(left).toHaveLength(1)
    const name = `container ${left[0]} (postgres:18)`

    // Nothing of a run that lives.
    expect((await sqlatency(folder, ['clean'])).stdout).not.toContain(name)
    running.child.kill('SIGKILL')
    await running.finished
    expect((await sqlatency(folder, ['clean', '--dry-run'])).stdout).toContain(`would remove ${name}\n`)
    expect(containersOf(String(running.child.pid))).toEqual(left)
    const { stdout, code } = await sqlatency(folder, ['clean'])
    expect(code).toBe(0)
    expect(stdout).toContain(`removed ${name}\n`)
    expect(stdout).toContain(`kept container ${foreign} (postgres:18): its run was started on elsewhere`)
    expect(containersOf(String(running.child.pid))).toEqual([])
    expect(containersOf('elsewhere')).toEqual([foreign])
  })

  test('dialled at the gateway of the bridge, it is published there alone', async () => {
    const subnet = docker('network', 'inspect', 'bridge', '--format', '{{(index .IPAM.Config 0).Subnet}}')
    const gateway = subnet.replace(/0\/\d+$/, '1')
    const env = { ...IMAGE, TESTCONTAINERS_RYUK_DISABLED: 'true', TESTCONTAINERS_HOST_OVERRIDE: gateway }
    const running = start(project(), ['run', '--backend', 'postgres-local', ...SMALL, '--rounds', '50'], env)
    await running.saw(/measured [1-9]/)
    const [container] = containersOf(String(running.child.pid))
    for (const line of docker('port', container!).split('\n')) expect(line).toContain(` -> ${gateway}:`)
    running.child.kill('SIGINT')
    expect((await running.finished).code).toBe(130)
    expect(containersOf(String(running.child.pid))).toEqual([])
  })

  test('a reaper that cannot be pulled: what to do', async () => {
    const env = { ...IMAGE, TESTCONTAINERS_RYUK_DISABLED: 'false', RYUK_CONTAINER_IMAGE: 'sqlatency.invalid/ryuk:1' }
    const { code, stderr } = await sqlatency(project(), ['run', '--backend', 'postgres-local', ...SMALL], env)
    expect(code).toBe(3)
    expect(stderr).toMatch(
      /CONTAINER_FAILED\): PostgreSQL got no container of .*sqlatency\.invalid.* its reaper, set TESTCONT/,
    )
  })

  test('the doctor sees it, and starts what is asked for', async () => {
    const { stdout, code } = await sqlatency(project(), ['doctor', '--backend', 'postgres-local'], IMAGE)
    expect(code).toBe(0)
    expect(stdout).toMatch(/^✔ docker +works: \d/m)
    expect(stdout).toMatch(/^✔ postgres-local .*in a container of postgres:18, reached at its own address$/m)
  })
})

test('without testcontainers a backend is skipped, with what to do', async () => {
  const without = `
    import { registerHooks } from 'node:module'
    registerHooks({
      resolve(name, context, next) {
        if (name === 'testcontainers') throw new Error('Cannot find package')
        return next(name, context)
      },
    })`
  const folder = project({ 'without.mjs': without })
  const env = { ...IMAGE, NODE_OPTIONS: `--import ${pathToFileURL(join(folder, 'without.mjs')).href}` }
  const { code, stderr } = await sqlatency(folder, ['run', '--backend', 'postgres-local', ...SMALL], env)
  expect(code).toBe(0)
  expect(stderr).toMatch(/postgres-local: skipped: Containers .* does not load .* `npm install testcontainers@12`/)
})
