import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
import { noDocker } from '../adapters/testing/docker.ts'
import type { Run } from './contract/index.ts'
import { project, storedRun } from './testing/cli.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const documentation = readFileSync(join(root, 'docs', 'docker.md'), 'utf8')
const [packages, versions, clean, compose, container] = [...documentation.matchAll(/^```sh\n(.*?)^```/gms)].map(
  ([, code]) => code!,
) as [string, string, string, string, string]
const [, configName, config] = /^```ts file=(\S+)\n(.*?)^```/ms.exec(documentation)!

/** What runs of the documents are cut down to. */
const SMALL = {
  SQLATENCY_ROUNDS: '2',
  SQLATENCY_DURATION: '10ms',
  SQLATENCY_SCALE: '0.02',
  SQLATENCY_MARKERS: '10',
}

/** A project with sqlatency, its compose file and the configuration of the document. */
function folder(): string {
  const place = project({ [configName!]: config! })
  mkdirSync(join(place, 'node_modules', '.bin'))
  symlinkSync('../sqlatency/bench/bin.js', join(place, 'node_modules', '.bin', 'sqlatency'))
  cpSync(join(root, 'docker-compose.yml'), join(place, 'docker-compose.yml'))
  return place
}

function shell(cwd: string, script: string): string {
  const { status, stdout, stderr } = spawnSync('bash', ['-euo', 'pipefail', '-c', script], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, ...SMALL, NO_COLOR: '1' },
  })
  expect(status, `${script}\n${stdout}\n${stderr}`).toBe(0)
  return `${stdout}${stderr}`
}

const docker = (...args: string[]): string => execFileSync('docker', args, { encoding: 'utf8' }).trim()

function expectMeasured({ cells }: Run): void {
  expect(cells).not.toHaveLength(0)
  for (const { outcome } of cells) expect(outcome).toBe('measured')
}

describe.skipIf(noDocker !== null)('docs/docker.md', { timeout: 300_000 }, () => {
  test('containers that a run starts', () => {
    const [install, ...commands] = packages.trim().split('\n')
    expect(install).toMatch(/^npm install testcontainers@\d+$/)
    expect(commands).toHaveLength(2)
    for (const command of commands) {
      const place = folder()
      expect(shell(place, command)).toMatch(/in a container of \S+, reached at its own address/)
      const run = storedRun(place)
      expectMeasured(run)
      expect(run.backends[0]!.servers[0]!.container).toMatchObject({ road: 'address' })
    }
  })

  test('two versions side by side', () => {
    const place = folder()
    shell(place, versions)
    const run = storedRun(place)
    expectMeasured(run)
    expect(run.backends.map(({ servers: [server] }) => [server!.container!.image, server!.version])).toEqual([
      ['postgres:16', expect.stringMatching(/^16\./)],
      ['postgres:18', expect.stringMatching(/^18\./)],
    ])
    const report = readFileSync(join(place, 'results', 'latest', 'report.md'), 'utf8')
    expect(report).toMatch(/The servers of Postgres 16 and Postgres 18 run in containers\./)
    shell(place, clean)
  })

  test('the compose file comes up healthy, its pairs are measured, and it goes without a trace', () => {
    const place = folder()
    expect(shell(place, compose).match(/^ {2}at rest: a write shows /gm)).toHaveLength(4)
    const run = storedRun(place)
    expectMeasured(run)
    expect(run.backends.map(({ id, external }) => [id, external])).toEqual([
      ['postgres-standby', true],
      ['libsql-server-replica', true],
    ])
    expect(run.lag.map(({ outcome }) => outcome)).toEqual(['measured', 'measured'])
    const filter = ['--quiet', '--filter', `label=com.docker.compose.project=${basename(place).toLowerCase()}`]
    expect(docker('ps', '--all', ...filter)).toBe('')
    expect(docker('network', 'ls', ...filter)).toBe('')
    expect(docker('volume', 'ls', ...filter)).toBe('')
  })

  test('the compose file asks for a password, and shows its ports to nobody else', () => {
    const place = folder()
    const refused = spawnSync('docker', ['compose', 'config'], { cwd: place, encoding: 'utf8' })
    expect(refused.status).not.toBe(0)
    expect(refused.stderr).toContain('SQLATENCY_PASSWORD')
    const whole = JSON.parse(
      shell(place, 'SQLATENCY_PASSWORD=a docker compose --profile "*" config --format json'),
    ) as { services: Record<string, { image: string; ports?: { host_ip: string }[] }> }
    expect(Object.keys(whole.services).toSorted()).toEqual([
      'harness',
      'k6',
      'libsql',
      'libsql-replica',
      'postgres',
      'postgres-standby',
    ])
    const k6 = whole.services['k6']!.image
    // CI has it where it has Go.
    if (docker('image', 'ls', '--quiet', k6) !== '')
      expect(shell(place, 'SQLATENCY_PASSWORD=a docker compose run --rm k6 version')).toContain('k6 v2.2.0')
    for (const [name, { image, ports = [] }] of Object.entries(whole.services)) {
      if (name !== 'harness') expect(image).toMatch(/:v?\d+\.\d+/)
      for (const { host_ip } of ports) expect(host_ip).toBe('127.0.0.1')
    }
  })

  test('sqlatency in a container', () => {
    const [build, smoke, kept] = container.trim().split('\n') as [string, string, string]
    shell(root, build)
    expect(shell(root, smoke)).toMatch(/results\/\S+\/report\.html/)
    expect(docker('run', '--rm', '--entrypoint', 'id', 'sqlatency', '-un')).toBe('node')
    onTestFinished(() => void docker('volume', 'rm', '--force', 'sqlatency-results'))
    const [command, comment] = kept.split(/ +# /)
    expect(comment).toMatch(/^the default plan/)
    shell(root, `${command} run --plan smoke --rounds 1 --backend better-sqlite3`)
    expect(docker('run', '--rm', '--volume', 'sqlatency-results:/r', '--entrypoint', 'ls', 'sqlatency', '/r')).toMatch(
      /latest/,
    )
  })
})
