import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { noDocker } from '../adapters/testing/docker.ts'
import type { Run } from './contract/index.ts'
import { project, storedRun } from './testing/cli.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const documentation = readFileSync(join(root, 'docs', 'docker.md'), 'utf8')
const [packages, versions, clean] = [...documentation.matchAll(/^```sh\n(.*?)^```/gms)].map(([, code]) => code!) as [
  string,
  string,
  string,
]
const [, configName, config] = /^```ts file=(\S+)\n(.*?)^```/ms.exec(documentation)!

/** What runs of the documents are cut down to. */
const SMALL = {
  SQLATENCY_ROUNDS: '2',
  SQLATENCY_DURATION: '10ms',
  SQLATENCY_SCALE: '0.02',
  SQLATENCY_MARKERS: '10',
}

/** A project with sqlatency and the configuration of the document. */
function folder(): string {
  const place = project({ [configName!]: config! })
  mkdirSync(join(place, 'node_modules', '.bin'))
  symlinkSync('../sqlatency/bench/bin.js', join(place, 'node_modules', '.bin', 'sqlatency'))
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
})
