import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { startPostgres } from '../adapters/servers/postgres-server.ts'
import { testScope } from '../adapters/testing/scope.ts'
import type { Configured } from './testing/compared.ts'
import { branch, git } from './testing/compared.ts'
import type { GitHub } from './testing/github/api.ts'
import { startGitHub, TOKENS } from './testing/github/api.ts'
import type { Hosted } from './testing/github/hosted.ts'
import { checkout, hosted, propose } from './testing/github/hosted.ts'
import type { Ended, Job } from './testing/github/runner.ts'
import { runAction } from './testing/github/runner.ts'
import { readWorkflow, stepsOf } from './testing/github/workflow.ts'

const documentation = fileURLToPath(new URL('../docs/ci.md', import.meta.url))

/** A threshold that no noise of any machine reaches, and a slowdown that none can hide: these tests time nothing. */
const QUICK = { duration: '10ms', 'pairs-max': '6', alpha: '5%', threshold: '60%' }
/** One pair cannot tell a difference; it passes, and everything that follows a verdict happens. */
const ONE_PAIR = { 'pairs-max': '1' }
const SLOW: Configured = { extraMicroseconds: 300 }
const MARKER = '<!-- sqlatency:sqlatency -->'

/** The action, as the job of a pull request uses it. */
function pullRequest(workspace: string, event: object, github: GitHub, changes: Partial<Job>): Promise<Ended> {
  return runAction({
    action: join(workspace, 'node_modules', 'sqlatency'),
    workspace,
    eventName: 'pull_request',
    event,
    api: github.url,
    token: TOKENS.job,
    inputs: {},
    ...changes,
  })
}

/** The job of pull request 7, from a branch of this project or of a fork. */
function judge(
  host: Hosted,
  github: GitHub,
  name: string,
  changes: Partial<Job> & { from?: string; base?: string } = {},
): Promise<Ended> {
  const event = propose(host, name, changes)
  return pullRequest(checkout(host, 'refs/pull/7/merge'), event, github, {
    ...changes,
    inputs: { ...QUICK, ...changes.inputs },
  })
}

/** A branch that changes a file and nothing that takes time. */
function harmless({ clone }: Hosted, name: string): void {
  git(clone, 'checkout', '--quiet', '-b', name)
  writeFileSync(join(clone, 'notes.txt'), name)
  git(clone, 'add', 'notes.txt')
  git(clone, 'commit', '--quiet', '--message', name)
  git(clone, 'checkout', '--quiet', 'main')
}

test('a pull request that passes, and is slower after its next push: one comment, and the verdict last', async () => {
  const host = hosted()
  const quoting = { id: 1, user: { login: 'a-reader', type: 'User' as const }, body: `${MARKER}\nnot yours` }
  const github = await startGitHub([quoting])
  // While the job waited, main went on: what counts is what was merged into, not what the event says.
  const stale = git(host.clone, 'rev-parse', 'main')
  git(host.clone, 'commit', '--quiet', '--allow-empty', '--message', 'Go on')
  git(host.clone, 'push', '--quiet', 'origin', 'main')
  harmless(host, 'notes')
  const passed = await judge(host, github, 'notes', { base: stale, inputs: ONE_PAIR })
  expect(passed.failed, passed.log).toEqual([])
  expect(passed.skipped).toEqual(['History'])
  expect(passed.outputs).toMatchObject({ outcome: 'passed', 'exit-code': '0' })
  expect(passed.summary).toMatch(/^### sqlatency: no slowdown found/)
  expect(passed.summary).toContain(`[page and results](${passed.outputs['artifact-url']})`)
  expect(github.comments).toHaveLength(2)
  expect(github.comments[1]!.body).toMatch(new RegExp(`^${MARKER}\n### sqlatency: no slowdown found`))

  const kept = passed.artifact('sqlatency')
  expect(readdirSync(kept).toSorted()).toEqual(['base', 'compare.json', 'compare.md', 'control', 'head', 'report.html'])
  const gate = JSON.parse(readFileSync(join(kept, 'compare.json'), 'utf8')) as { base: object; head: { run: string } }
  expect(gate).toMatchObject({ kind: 'interleaved', base: { commit: git(host.clone, 'rev-parse', 'main') } })
  expect(existsSync(join(kept, gate.head.run, 'run.json'))).toBe(true)
  expect(readdirSync(join(kept, 'head'))).toHaveLength(1)
  expect(readFileSync(join(kept, 'report.html'), 'utf8')).toMatch(/^<!doctype html>/i)

  branch(host.clone, 'slow', SLOW)
  const slower = await judge(host, github, 'slow')
  expect(slower.failed, slower.log).toEqual([['Conclude', 99]])
  expect(slower.outputs).toMatchObject({ outcome: 'regression', 'exit-code': '99' })
  expect(slower.summary).toMatch(/^### sqlatency: slower/)
  expect(slower.summary).toMatch(/\| A balance \|.*\| \*\*slower\*\* \|/)
  expect(slower.log).toContain('::error title=sqlatency::slower: Head is slower than base')
  expect(github.comments).toHaveLength(2)
  expect(github.comments[1]!.body).toMatch(new RegExp(`^${MARKER}\n### sqlatency: slower`))
  expect(github.comments[0]).toEqual({ ...quoting, body: `${MARKER}\nnot yours` })
})

test('from a fork the token can only read: no comment, but summary and verdict', async () => {
  const host = hosted()
  branch(host.clone, 'wrong', { lie: true })
  const github = await startGitHub()
  const { failed, log, summary } = await judge(host, github, 'wrong', { token: TOKENS.fork, from: 'a-fork/project' })
  expect(log).toContain('::notice title=sqlatency::No comment: the token of a pull request from a fork can only read.')
  expect(summary).toMatch(/^### sqlatency: answers differ/)
  expect(failed).toEqual([['Conclude', 4]])
  expect(github.comments).toEqual([])
})

test('the job of docs/ci.md with a Postgres beside it: all sides share it, and nothing is left there', async () => {
  await using scope = await testScope()
  const { url } = await startPostgres(scope)
  const [, text] = /```yaml file=\S+-postgres\.yml\n(.*?)```/s.exec(readFileSync(documentation, 'utf8'))!
  const [variable] = Object.keys(Object.values(readWorkflow(text!).jobs)[0]!.env!)
  const { with: inputs } = stepsOf(text!).at(-1)!
  const host = hosted()
  harmless(host, 'notes')
  const github = await startGitHub()
  const { failed, log, outputs, summary } = await judge(host, github, 'notes', {
    env: { [variable!]: url },
    inputs: { ...(inputs as Record<string, string>), ...ONE_PAIR },
  })
  expect(failed, log).toEqual([])
  expect(outputs).toMatchObject({ outcome: 'passed' })
  expect(summary.match(/\| postgres-local \|/g)).toHaveLength(4)
  expect(github.comments[0]!.body).toMatch(/^<!-- sqlatency:postgres -->\n/)
  expect(log + summary + github.comments[0]!.body).not.toContain(new URL(url).password)
  const client = new pg.Client(url)
  await client.connect()
  const { rows } = await client.query(
    "SELECT nspname FROM pg_namespace WHERE nspname !~ '^(pg_|information_schema|public)'",
  )
  await client.end()
  expect(rows).toEqual([])
})

describe('what cannot be compared', () => {
  test('a wrong answer and a wrong name are told apart, and no message of theirs reaches the comment', async () => {
    const host = hosted()
    const github = await startGitHub()
    branch(host.clone, 'wrong', { lie: true })
    const wrong = await judge(host, github, 'wrong')
    expect(wrong.failed, wrong.log).toEqual([['Conclude', 4]])
    expect(wrong.outputs).toMatchObject({ outcome: 'answers-differ' })
    expect(wrong.summary).toMatch(/^### sqlatency: answers differ\n[^]*```text\nIn balance, head answers differently/)

    const misspelt = await judge(host, github, 'wrong', { inputs: { scenario: 'balanse' } })
    expect(misspelt.failed).toEqual([['Conclude', 2]])
    expect(misspelt.summary).toContain('There is no scenario balanse. Did you mean balance?')
    expect(github.comments).toHaveLength(1)
    expect(github.comments[0]!.body).toMatch(
      /### sqlatency: not started\n\nA flag, name, configuration or build is wrong/,
    )
    expect(github.comments[0]!.body).toContain('/actions/runs/4711')
    expect(github.comments[0]!.body).not.toContain('balanse')
    expect(existsSync(misspelt.artifact('sqlatency'))).toBe(false)
  })

  test('the pull request that brings the configuration passes and says that nothing was compared', async () => {
    const host = hosted()
    git(host.clone, 'rm', '--quiet', 'sqlatency.config.ts')
    git(host.clone, 'commit', '--quiet', '--message', 'Without')
    git(host.clone, 'push', '--quiet', 'origin', 'main')
    git(host.clone, 'checkout', '--quiet', '-b', 'first')
    git(host.clone, 'revert', '--no-edit', 'HEAD')
    git(host.clone, 'checkout', '--quiet', 'main')
    const github = await startGitHub()
    const { failed, log, outputs, summary } = await judge(host, github, 'first')
    expect(failed, log).toEqual([])
    expect(log).toContain('The configuration is new with this change')
    expect([outputs.outcome, summary, github.requests]).toEqual(['', '', []])
  })

  test('inputs are never run, whatever they hold; flags in them are no flags', async () => {
    const host = hosted()
    harmless(host, 'notes')
    const event = propose(host, 'notes')
    const workspace = checkout(host, 'refs/pull/7/merge')
    const github = await startGitHub()
    for (const inputs of [
      { base: '$(touch pwned)' },
      { base: '--upload-pack=touch pwned;' },
      { head: '`touch pwned`' },
      { scenario: '"; touch pwned; "' },
      { id: '$(touch pwned)' },
      { 'pairs-max': '8 --threshold=99%' },
    ]) {
      const { failed } = await pullRequest(workspace, event, github, { inputs })
      expect(
        failed.map(([, code]) => code),
        JSON.stringify(inputs),
      ).toEqual([2])
      expect(existsSync(join(workspace, 'pwned')), JSON.stringify(inputs)).toBe(false)
    }
  })

  test.each([
    ['pull_request_target', {}, 'use `on: pull_request`'],
    ['push', {}, 'There is nothing to compare on push'],
    ['push', { base: 'no-such-branch' }, 'There is no commit "no-such-branch" here nor at origin'],
    ['push', { 'history-branch': 'main' }, 'The branch main holds something else'],
    ['push', { 'history-branch': 'a..b' }, 'cannot be the name of a branch'],
    ['push', { 'history-branch': 'kept', 'history-runs': 'all' }, 'a whole number of at least 1'],
  ])('%s with %j is refused', async (eventName, inputs, message) => {
    const host = hosted()
    const workspace = checkout(host, 'main')
    const { failed, log } = await runAction({
      action: join(workspace, 'node_modules', 'sqlatency'),
      workspace,
      eventName,
      event: {},
      inputs,
    })
    expect(log).toContain(message)
    expect(failed.map(([, code]) => code)).toEqual([2])
  })

  test('a project without sqlatency among its packages', async () => {
    const host = hosted()
    const workspace = checkout(host, 'main')
    const action = join(workspace, 'node_modules', 'sqlatency')
    const elsewhere = join(workspace, 'elsewhere')
    mkdirSync(join(elsewhere, 'node_modules'), { recursive: true })
    git(host.clone, 'push', '--quiet', 'origin', 'main')
    execFileSync('cp', ['-a', action, join(elsewhere, 'action')])
    rmSync(join(workspace, 'node_modules'), { recursive: true })
    const { failed, log } = await runAction({
      action: join(elsewhere, 'action'),
      workspace,
      eventName: 'push',
      event: {},
      inputs: { base: 'main' },
    })
    expect(log).toContain('There is no sqlatency among the packages')
    expect(failed).toEqual([['Compare', 2]])
  })
})

const filesOfHistory = ({ origin }: Hosted): string[] =>
  git(origin, 'ls-tree', '-r', '--name-only', 'history').split('\n')

/** What another job pushes as soon as this one has brought the branch and draws its page, which loads the configuration. */
const RACE = (origin: string): string => `
import { execFileSync } from 'node:child_process'
if (process.argv[2] === 'report') {
  const git = (...args) => execFileSync('git', ['-C', '${origin}', ...args], { stdio: 'pipe', encoding: 'utf8' })
  if (git('branch', '--list', 'other') !== '') {
    git('update-ref', 'refs/heads/history', 'refs/heads/other')
    git('update-ref', '-d', 'refs/heads/other')
  }
}
`

/** Lets the next job lose against another. @returns the path of the other's run */
function otherPush({ origin, clone }: Hosted, path: string): string {
  git(clone, 'fetch', '--quiet', 'origin', 'history')
  git(clone, 'checkout', '--quiet', '--detach', 'FETCH_HEAD')
  const run = JSON.parse(readFileSync(join(clone, path), 'utf8')) as { id: string }
  // Ids begin with their time, so this one is newer than the first and older than the next.
  const other = `${run.id}-other`
  mkdirSync(join(clone, 'runs', other))
  writeFileSync(join(clone, 'runs', other, 'run.json'), JSON.stringify({ ...run, id: other }))
  git(clone, 'add', '--force', 'runs')
  git(clone, 'commit', '--quiet', '--amend', '--message', 'Other')
  git(clone, 'push', '--quiet', 'origin', 'HEAD:refs/heads/other')
  git(clone, 'checkout', '--quiet', 'main')
  const config = join(clone, 'sqlatency.config.ts')
  writeFileSync(config, `${RACE(origin)}${readFileSync(config, 'utf8')}`)
  git(clone, 'commit', '--quiet', '--all', '--message', 'Race')
  git(clone, 'push', '--quiet', 'origin', 'main')
  return `runs/${other}/run.json`
}

describe('history on a branch of its own', () => {
  const inputs = {
    'history-branch': 'history',
    'history-plan': 'smoke',
    'history-runs': '2',
    backend: 'null,own',
    scenario: 'balance',
  }
  const push = (host: Hosted): Promise<Ended> => {
    const workspace = checkout(host, 'main')
    return runAction({
      action: join(workspace, 'node_modules', 'sqlatency'),
      workspace,
      eventName: 'push',
      event: {},
      inputs,
    })
  }

  test('runs are kept and charted, the oldest go, the branch does not grow, and a race is settled', async () => {
    const host = hosted()
    const first = await push(host)
    expect(first.failed, first.log).toEqual([])
    expect(first.skipped).toEqual(['Summary', 'Comment', 'Conclude'])
    expect(first.summary).toContain('1 run on [history](https://github.test/someone/project/tree/history)')
    expect(readdirSync(first.artifact('sqlatency')).toSorted()).toEqual(['history.html', 'run'])
    const [one] = filesOfHistory(host).filter((path) => path.startsWith('runs/'))
    expect(filesOfHistory(host)).toEqual(['.sqlatency-history', 'README.md', 'index.html', one])
    expect(one).toMatch(/^runs\/[^/]+\/run\.json$/)
    expect(git(host.origin, 'show', 'history:index.html')).toMatch(/^<!doctype html>/i)

    const other = otherPush(host, one!)
    const second = await push(host)
    expect(second.failed, second.log).toEqual([])
    const kept = filesOfHistory(host).filter((path) => path.startsWith('runs/'))
    expect(kept).toHaveLength(2)
    expect(kept).toContain(other)
    expect(kept).not.toContain(one)
    expect(git(host.origin, 'rev-list', '--count', 'history')).toBe('1')
    expect(git(host.origin, 'branch', '--format=%(refname:short)').split('\n')).toEqual(['history', 'main'])
    expect(git(host.origin, 'rev-parse', 'main')).toBe(git(host.clone, 'rev-parse', 'main'))
  })
})
