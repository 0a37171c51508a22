import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import type { Configured } from '../compared.ts'
import { git, repository } from '../compared.ts'
import { REPOSITORY } from './runner.ts'

const root = realpathSync(fileURLToPath(new URL('../../..', import.meta.url)))

/** A repository on a server, and the clone of somebody who works on it. */
export interface Hosted {
  readonly origin: string
  readonly clone: string
}

function folder(name: string): string {
  const made = realpathSync(mkdtempSync(join(tmpdir(), `sqlatency-${name}-`)))
  onTestFinished(() => rmSync(made, { recursive: true, force: true }))
  return made
}

export function hosted(configured: Configured = {}): Hosted {
  const clone = repository(configured)
  const origin = folder('origin')
  git(origin, 'init', '--quiet', '--bare')
  // As on GitHub: a commit can be fetched by its hash.
  git(origin, 'config', 'uploadpack.allowAnySHA1InWant', 'true')
  git(clone, 'remote', 'add', 'origin', `file://${origin}`)
  git(clone, 'push', '--quiet', 'origin', 'main')
  return { origin, clone }
}

/** Pushes what a branch would become when it is merged, as GitHub does for pull request 7. @returns the event's payload */
export function propose({ clone }: Hosted, branch: string, { from = REPOSITORY, base = 'main' } = {}): object {
  git(clone, 'checkout', '--quiet', '--detach', 'main')
  git(clone, 'merge', '--quiet', '--no-ff', '--message', 'Merge', branch)
  git(clone, 'push', '--quiet', '--force', 'origin', 'HEAD:refs/pull/7/merge')
  git(clone, 'checkout', '--quiet', 'main')
  return {
    pull_request: {
      number: 7,
      base: { ref: 'main', sha: git(clone, 'rev-parse', base) },
      head: { ref: branch, sha: git(clone, 'rev-parse', branch), repo: { full_name: from } },
    },
  }
}

/** What actions/checkout leaves: one commit, nothing before it. Its packages are installed too. */
export function checkout({ origin }: Hosted, ref: string): string {
  const workspace = folder('workspace')
  git(workspace, 'init', '--quiet')
  git(workspace, 'remote', 'add', 'origin', `file://${origin}`)
  git(workspace, 'fetch', '--quiet', '--no-tags', '--depth=1', 'origin', ref)
  git(workspace, 'checkout', '--quiet', '--detach', 'FETCH_HEAD')
  mkdirSync(join(workspace, 'node_modules'))
  symlinkSync(root, join(workspace, 'node_modules', 'sqlatency'))
  return workspace
}
