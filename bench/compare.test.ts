import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Gate, GateCell } from './contract/index.ts'
import type { Finished } from './testing/cli.ts'
import { processesNaming, project, sqlatency as asUser, start } from './testing/cli.ts'
import { apart, branch, configText, gateOf, git, repository, workFoldersIn } from './testing/compared.ts'

/** A threshold that no noise of any machine reaches, and a slowdown that none can hide: these tests time nothing. */
const quick = ['--duration', '10ms', '--pairs-max', '8', '--threshold', '60%', '--json']
const sqlatency = (folder: string, args: readonly string[]): Promise<Finished> => asUser(folder, args, apart(folder))
const SLOW = { extraMicroseconds: 300 }

const only = ({ cells }: Gate): Extract<GateCell['outcome'], { kind: 'compared' }> => {
  const [cell] = cells
  if (cells.length !== 1 || cell?.outcome.kind !== 'compared') throw new Error(JSON.stringify(cells))
  return cell.outcome
}

describe('two refs of a project', () => {
  test('a ref against itself is not slower; rounds alternate; nothing is left but the results', async () => {
    const folder = repository()
    const { code, stdout, stderr } = await sqlatency(folder, [
      'compare',
      '--base',
      'HEAD',
      '--head',
      'main',
      ...quick,
      '--seed',
      '11',
    ])
    expect(stderr).toContain('built with: the packages of the working tree')
    expect(code).toBe(0)
    const gate = gateOf(stdout)
    expect(gate).toMatchObject({ kind: 'interleaved', outcome: 'passed' })
    expect(['same', 'inconclusive']).toContain(only(gate).verdict)
    expect(gate.base.commit).toBe(git(folder, 'rev-parse', 'HEAD'))
    expect(gate.controls.map(({ backend, scenario }) => [backend, scenario])).toEqual([['own', 'balance']])
    expect(gate.controls[0]!.contest.pairs).toHaveLength(8)

    const [id] = readdirSync(join(folder, 'results'))
    expect(JSON.parse(readFileSync(join(folder, 'results', id!, 'compare.json'), 'utf8'))).toEqual(gate)
    for (const side of ['base', 'head'] as const)
      expect(existsSync(join(folder, 'results', id!, gate[side].run!, 'run.json'))).toBe(true)
    expect(workFoldersIn(folder)).toEqual([])
    expect(git(folder, 'status', '--porcelain')).toBe('')
    expect(git(folder, 'worktree', 'list').split('\n')).toHaveLength(1)

    const runs = ['base', 'head', 'control'].map((side) => {
      const text = readFileSync(join(folder, 'results', id!, side, 'latest', 'run.json'), 'utf8')
      return JSON.parse(text) as { seed: number; cells: { rounds: { repetition: number; startedAt: string }[] }[] }
    })
    const rounds = runs.flatMap(({ cells }, side) =>
      cells.flatMap((cell) => cell.rounds.map((one) => ({ ...one, side }))),
    )
    expect(runs.map(({ seed }) => seed)).toEqual([11, 11, 11])
    const inTime = rounds.toSorted((a, b) => a.startedAt.localeCompare(b.startedAt))
    for (let n = 0; n < inTime.length; n += 3)
      expect(new Set(inTime.slice(n, n + 3).map(({ side }) => side)).size, `turn ${n / 3}`).toBe(3)
    expect(inTime.length).toBeGreaterThanOrEqual(24)
    expect(new Set(inTime.filter((_, n) => n % 3 === 0).map(({ side }) => side)).size).toBe(3)

    expect((await sqlatency(folder, ['clean', '--runs'])).code).toBe(0)
    expect(readdirSync(join(folder, 'results'))).toEqual([])
  })

  test('an injected slowdown is found, confirmed, said in Markdown, and exits 99', async () => {
    const folder = repository()
    branch(folder, 'slow', SLOW)
    const args = ['compare', '--base', 'main', '--head', 'slow', ...quick, '--markdown', 'summary.md']
    const { code, stdout } = await sqlatency(folder, args)
    const gate = gateOf(stdout)
    expect(code).toBe(99)
    expect(gate.outcome).toBe('regression')
    expect(only(gate)).toMatchObject({
      verdict: 'slower',
      first: { verdict: 'slower' },
      confirmation: { verdict: 'slower' },
    })
    const [first, confirmation] = [only(gate).first, only(gate).confirmation!].map(({ pairs }) => pairs)
    expect(confirmation).toHaveLength(8)
    for (const { repetition } of confirmation!) expect(first!.map((pair) => pair.repetition)).not.toContain(repetition)
    expect(gate.controls.map(({ stage }) => stage)).toEqual(['first', 'confirmation'])
    expect(gate.differences).toContainEqual({ backend: 'own', name: 'extra', base: '0', head: '300' })
    const markdown = readFileSync(join(folder, 'summary.md'), 'utf8')
    expect(markdown).toMatch(/^### sqlatency: slower/)
    expect(markdown).toMatch(/\| A balance \|.*\| \*\*slower\*\* \|/)
  })

  test('other answers to the same questions end it with 4; a changed question is said', async () => {
    const folder = repository()
    branch(folder, 'wrong', { lie: true })
    branch(folder, 'changed', { statement: 'SELECT balance + 0 AS balance FROM account WHERE id = $1' })
    const wrong = await sqlatency(folder, ['compare', '--base', 'main', '--head', 'wrong', ...quick])
    expect(wrong.stderr).toMatch(/In balance, head answers differently from base: .+ instead of .+/)
    expect(wrong.code).toBe(4)
    const changed = await sqlatency(folder, [
      'compare',
      '--base',
      'main',
      '--head',
      'changed',
      ...quick,
      '--pairs-max',
      '1',
    ])
    expect(changed.code).toBe(0)
    expect(gateOf(changed.stdout).cells[0]).toMatchObject({
      definition: 'changed',
      outcome: { verdict: 'inconclusive' },
    })
  })
})

test('two configurations of one folder; without --head-config there is nothing to compare', async () => {
  const folder = project({ 'a.config.ts': configText(SLOW), 'b.config.ts': configText() })
  const args = ['compare', '--base-config', 'a.config.ts', '--head-config', 'b.config.ts', ...quick, '--pairs-max', '1']
  const { code, stdout, stderr } = await sqlatency(folder, args)
  expect(code).toBe(0)
  const gate = gateOf(stdout)
  expect(only(gate).headNs).toBeLessThan(only(gate).baseNs - 1e5)
  expect(only(gate).verdict).toBe('inconclusive')
  expect(gate.differences).toContainEqual({ backend: 'own', name: 'extra', base: '300', head: '0' })
  expect(stderr).toContain('1 pair(s) cannot tell a difference among 1 comparison(s): raise --pairs-max')
  expect((await sqlatency(folder, ['compare', '--base-config', 'a.config.ts'])).code).toBe(2)
})

test('two stored runs inform and never decide', async () => {
  const folder = project({ 'a.config.ts': configText(), 'b.config.ts': configText(SLOW) })
  const run = (config: string): Promise<unknown> =>
    sqlatency(folder, [
      'run',
      '--quiet',
      '-c',
      config,
      '--backend',
      'own',
      '--rounds',
      '6',
      '--duration',
      '5ms',
      '--output',
      config.slice(0, 1),
    ])
  await Promise.all([run('a.config.ts'), run('b.config.ts')])
  const { code, stdout } = await sqlatency(folder, ['compare', 'a/latest', 'b/latest', '--threshold', '60%'])
  expect(stdout).toMatch(/A balance .*slower/)
  expect(stdout).toContain('they decide nothing')
  expect(stdout).toContain('weaker than one measured in the same job')
  expect(code).toBe(0)
})

const refused = async (folder: string, args: readonly string[]): Promise<string> => {
  const { code, stderr, stdout } = await sqlatency(folder, ['compare', '--quiet', ...args])
  expect(stderr.trim().split('\n')).toHaveLength(1)
  expect(stdout).toBe('')
  expect(code).toBe(2)
  return stderr
}

describe('what cannot be compared is refused with a remedy', () => {
  test.each([
    [['--base', 'nowhere'], /There is no commit "nowhere" in .*\. Fetch it first/],
    [['--base', 'HEAD', '--head', '--json'], /--head needs a value/],
    [
      ['--base', 'HEAD', '--build', 'echo no such tool >&2; exit 3'],
      /exit 3` failed with exit code 3: no such tool Say with/,
    ],
    [['--base', 'HEAD', 'latest', 'latest'], /one kind at a time/],
    [[], /Say what to compare/],
    [['--base', 'HEAD', '--threshold', '3'], /--threshold is "3"; write a part of one such as 0\.03 or 3%/],
    [['--base', 'HEAD', '--config', 'nowhere.ts'], /There is no file .*nowhere\.ts/],
    [['--base', 'HEAD', '--scenario', 'balanse'], /There is no scenario balanse. Did you mean balance\?/],
  ])('%s', async (args, message) => {
    expect(await refused(repository(), args)).toMatch(message)
  })

  test('a folder without a repository', async () => {
    expect(await refused(project(), ['--base', 'HEAD'])).toMatch(/is not inside a git repository/)
  })

  test('a side that is too old, or speaks another protocol', async () => {
    const folder = repository()
    const own = join(folder, 'node_modules', 'sqlatency')
    rmSync(own)
    mkdirSync(own)
    writeFileSync(join(own, 'package.json'), '{ "name": "sqlatency", "version": "0.0.9", "type": "module" }')
    expect(await refused(folder, ['--base', 'HEAD'])).toMatch(/sqlatency 0\.0\.9 in .* cannot be one side/)
    mkdirSync(join(own, 'dist', 'bench'), { recursive: true })
    writeFileSync(
      join(own, 'dist', 'bench', 'side.js'),
      "process.send({ kind: 'hello', protocol: 99 })\nprocess.on('message', () => process.exit(0))",
    )
    expect(await refused(folder, ['--base', 'HEAD'])).toMatch(/speaks protocol 99, this one speaks 1/)
  })
})

test('Ctrl-C keeps what was measured, exits 130 and leaves nothing behind', async () => {
  const folder = repository()
  const args = ['compare', '--base', 'HEAD', '--head', 'HEAD', '--duration', '10ms', '--threshold', '0.01%']
  const running = start(folder, args, apart(folder))
  await running.saw(/first look: 5 pairs/)
  const sides = processesNaming(join('bench', 'side.ts')).filter(({ pid }) => parentOf(pid) === running.child.pid)
  expect(sides).toHaveLength(3)
  const ours = [running.child.pid!, ...sides.map(({ pid }) => pid)]
  expect(workFoldersIn(folder)).toHaveLength(4)
  running.child.kill('SIGINT')
  const { code, stdout } = await running.finished
  expect(code).toBe(130)
  expect(stdout).toContain('Interrupted before it was decided')
  expect(workFoldersIn(folder)).toEqual([])
  expect(ours.filter((pid) => existsSync(`/proc/${pid}`))).toEqual([])
  const [id] = readdirSync(join(folder, 'results'))
  const gate = gateOf(readFileSync(join(folder, 'results', id!, 'compare.json'), 'utf8'))
  expect(gate.outcome).toBe('interrupted')
  expect(only(gate).first.pairs.length).toBeGreaterThanOrEqual(5)
  expect(only(gate).verdict).toBe('inconclusive')
  expect(git(folder, 'status', '--porcelain')).toBe('')
})

const parentOf = (pid: number): number =>
  Number(/^PPid:\t(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])
