import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
import { EXIT } from './contract/index.ts'
import type { GitHub, PostedComment } from './testing/github/api.ts'
import { startGitHub, TOKENS } from './testing/github/api.ts'
import { readAction, REPOSITORY } from './testing/github/runner.ts'

const scripts = fileURLToPath(new URL('../.github/action/', import.meta.url))
const MARKER = '<!-- sqlatency:reads -->'
const LONGEST = 65_536

interface Done {
  readonly code: number
  readonly log: string
}

function run(script: string, env: Readonly<Record<string, string>>): Promise<Done> {
  return new Promise((resolve) => {
    const whole = { PATH: process.env.PATH ?? '', ...env }
    execFile(process.execPath, [join(scripts, script)], { env: whole }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : 1, log: stdout + stderr }),
    )
  })
}

function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sqlatency-steps-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

function comment(github: GitHub, markdown: string, env: Readonly<Record<string, string>> = {}): Promise<Done> {
  const folder = scratch()
  writeFileSync(join(folder, 'compare.md'), markdown)
  const event = { pull_request: { number: 7, head: { repo: { full_name: REPOSITORY } } } }
  writeFileSync(join(folder, 'event.json'), JSON.stringify(event))
  return run('comment.js', {
    INPUT_ID: 'reads',
    TOKEN: TOKENS.job,
    OUTCOME: 'passed',
    FOLDER: folder,
    ARTIFACT_URL: 'https://github.test/artifact',
    GITHUB_EVENT_PATH: join(folder, 'event.json'),
    GITHUB_API_URL: github.url,
    GITHUB_REPOSITORY: REPOSITORY,
    GITHUB_SERVER_URL: 'https://github.test',
    GITHUB_RUN_ID: '4711',
    ...env,
  })
}

describe('the comment', () => {
  test.each([
    ['rows', '| a | b |\n| -- | -- |\n', '| Müller 🐢 | `x` |\n', ''],
    [
      'an open list',
      '### T\n\n<details><summary>How</summary>\n\n',
      '- a line that is one of very many\n',
      '\n\n</details>\n',
    ],
    ['one endless line', '', 'x', ''],
  ])('is cut to what GitHub takes, at the end of a line: %s', async (_, head, line, tail) => {
    const github = await startGitHub()
    const markdown = `${head}${line.repeat(Math.ceil(200_000 / line.length))}${tail}`
    expect((await comment(github, markdown)).log).toContain('Commented.')
    const [{ body }] = github.comments as [PostedComment]
    expect(body.length).toBeLessThanOrEqual(LONGEST)
    if (line.length > 1) expect(body.length).toBeGreaterThan(LONGEST - 1000)
    expect(body).toMatch(
      /This is the beginning; the rest is behind the links below\.\n\n\[page and results\]\(https:\/\/github\.test\/artifact\)/,
    )
    expect(body.split('<details>').length).toBe(body.split('</details>').length)
    const [, ...lines] = body.split('This is the beginning')[0]!.split('\n')
    for (const kept of lines.filter((text) => text !== '' && text !== '</details>'))
      expect(markdown).toContain(`${kept}\n`)
  })

  test('that just fits is not cut', async () => {
    const github = await startGitHub()
    await comment(github, 'short')
    const around = github.comments[0]!.body.length - 'short'.length
    const exact = 'y'.repeat(LONGEST - around)
    await comment(github, exact)
    expect(github.comments).toHaveLength(1)
    expect(github.comments[0]!.body).toHaveLength(LONGEST)
    expect(github.comments[0]!.body).toContain(exact)
  })

  test('is found on a later page, by its author and its id', async () => {
    const bot = { login: 'github-actions[bot]', type: 'Bot' as const }
    const others = Array.from({ length: 230 }, (_, n) => ({
      id: n,
      user: bot,
      body: `<!-- sqlatency:writes -->\n${n}`,
    }))
    const mine = { id: 777, user: bot, body: `${MARKER}\nold` }
    const github = await startGitHub([...others, mine])
    expect((await comment(github, 'new')).log).toContain('up to date')
    expect(github.comments).toHaveLength(231)
    expect(github.comments.at(-1)!.body).toMatch(new RegExp(`^${MARKER}\nnew\n`))
    for (const [n, { body }] of others.entries()) expect(body).toBe(`<!-- sqlatency:writes -->\n${n}`)
    // A person's token finds what that person wrote, and leaves what a bot wrote.
    await comment(github, 'by hand', { TOKEN: TOKENS.person })
    await comment(github, 'by hand again', { TOKEN: TOKENS.person })
    expect(github.comments).toHaveLength(232)
    expect(github.comments.at(-1)).toMatchObject({
      user: { login: 'someone' },
      body: expect.stringContaining('again') as string,
    })
  })

  test('survives a passing trouble; a lasting one is a warning and no failure', async () => {
    const github = await startGitHub()
    github.breakDown(2)
    expect((await comment(github, 'text')).log).toContain('Commented.')
    expect(github.comments).toHaveLength(1)
    github.breakDown(100)
    const broken = await comment(github, 'text')
    expect(broken).toMatchObject({
      code: 0,
      log: expect.stringContaining('::warning title=sqlatency::The comment') as string,
    })
    const unreachable = await comment(github, 'text', { GITHUB_API_URL: 'http://127.0.0.1:9' })
    expect(unreachable).toMatchObject({ code: 0, log: expect.stringContaining('::warning') as string })
  })

  test('whose answer is lost is not written twice', async () => {
    const github = await startGitHub()
    github.loseAnswer()
    expect((await comment(github, 'text')).code).toBe(0)
    expect(github.requests.filter((line) => line.startsWith('POST'))).toHaveLength(1)
    expect(github.comments).toHaveLength(1)
  })

  test('that may not be written says which permission is missing', async () => {
    const github = await startGitHub()
    const { code, log } = await comment(github, 'text', { TOKEN: TOKENS.fork })
    expect(log).toContain('permissions: pull-requests: write')
    expect(code).toBe(0)
  })
})

test('the last step ends as the comparison did, and tells the endings apart', async () => {
  const folder = scratch()
  const said = new Map<string, string>()
  for (const [word, code] of Object.entries({
    passed: EXIT.ok,
    regression: EXIT.regression,
    invalid: EXIT.invalid,
    failed: EXIT.backend,
    'answers-differ': EXIT.answersDiffer,
    refused: EXIT.usage,
    interrupted: EXIT.interrupted,
    defect: EXIT.internal,
  })) {
    const ended = await run('conclude.js', { OUTCOME: word, FOLDER: folder })
    expect(ended.code, word).toBe(code)
    said.set(word, ended.log)
  }
  expect(said.get('passed')).toBe('')
  expect(said.get('invalid')).toContain('Run the job again')
  expect(said.get('failed')).toContain('Nothing is known to be slower')
  expect(new Set(said.values()).size).toBe(said.size)
})

test('a step is handed nothing that it does not read', () => {
  for (const { run: script = '', env = {} } of readAction(join(scripts, '..', '..')).runs.steps) {
    const file = /action\/(\w+\.js)"$/.exec(script)?.[1]
    if (file === undefined) continue
    const read = sourcesOf(file).join('\n')
    for (const name of Object.keys(env)) expect(read, `${file} reads ${name}`).toContain(`'${name}'`)
  }
})

/** The script and what it imports, without node's own. */
function sourcesOf(file: string): string[] {
  const text = readFileSync(join(scripts, file), 'utf8')
  return [text, ...[...text.matchAll(/from '\.\/(\w[\w-]*\.js)'/g)].flatMap(([, next]) => sourcesOf(next!))]
}

test('a complaint is quoted in the summary, whatever is in it', async () => {
  const folder = scratch()
  const [results, summary] = [join(folder, 'results'), join(folder, 'summary.md')]
  writeFileSync(summary, 'before\n')
  writeFileSync(`${results}.complaint`, 'a build said ``` and <img src=x> and [a link](https://evil.test)')
  const env = {
    OUTCOME: 'refused',
    FOLDER: results,
    GITHUB_STEP_SUMMARY: summary,
    GITHUB_SERVER_URL: 'https://github.test',
  }
  expect((await run('summary.js', { ...env, GITHUB_REPOSITORY: REPOSITORY, GITHUB_RUN_ID: '4711' })).code).toBe(0)
  const text = readFileSync(summary, 'utf8')
  expect(text).toMatch(/^before\n### sqlatency: not started\n/)
  expect(text).toMatch(/\n````text\na build said ``` and <img src=x> and \[a link\]\(https:\/\/evil\.test\)\n````\n/)
})
