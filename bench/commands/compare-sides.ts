import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { SqlatencyError } from '../contract/index.ts'
import type { Repository } from '../run/checkout.ts'
import { build, checkOut, cleanHead, commitOf, repositoryOf } from '../run/checkout.ts'
import { installationOf, thisInstallation } from '../run/side.ts'
import type { PreparedSide } from '../run/sides.ts'

interface Prepared {
  readonly base: PreparedSide
  readonly head: PreparedSide
}

interface Refs {
  readonly base: string
  readonly head?: string | undefined
  readonly build?: string | undefined
  /** Relative to the folder that a person is in, so that each side has its own. */
  readonly config?: string | undefined
}

/** Both refs side by side, in folders whose paths are of one length. Without a head, it is the working tree as it is. */
export async function prepareRefs(
  refs: Refs,
  directory: string,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<Prepared> {
  const repository = await repositoryOf(process.cwd(), signal)
  const commits = {
    base: await commitOf(repository, refs.base, signal),
    head: refs.head === undefined ? null : await commitOf(repository, refs.head, signal),
  }
  const at = (name: 'base' | 'head', commit: string, ref: string): Promise<PreparedSide> =>
    preparedRef(
      repository,
      { commit, ref, checkout: join(directory, name), config: refs.config, build: refs.build },
      signal,
      (line) => say(`${name}: ${line}`),
    )
  return {
    base: await at('base', commits.base, refs.base),
    head:
      commits.head === null ? await workingTree(repository, refs, signal) : await at('head', commits.head, refs.head!),
  }
}

interface Ref {
  readonly ref: string
  readonly commit: string
  readonly checkout: string
  readonly config: string | undefined
  readonly build: string | undefined
}

async function preparedRef(
  repository: Repository,
  { ref, commit, checkout, config, build: asked }: Ref,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<PreparedSide> {
  say(`checking out ${ref} (${commit.slice(0, 12)})`)
  await checkOut(repository, commit, checkout, signal)
  const built = await build(repository, checkout, asked, signal)
  say(`built with: ${built}`)
  const folder = join(checkout, repository.prefix)
  return {
    title: ref,
    commit,
    build: built,
    folder,
    config: configIn(folder, config),
    installation: installationOf(folder, checkout),
  }
}

async function workingTree(repository: Repository, { config }: Refs, signal: AbortSignal): Promise<PreparedSide> {
  const folder = process.cwd()
  return {
    title: 'the working tree',
    commit: await cleanHead(repository, signal),
    build: '',
    folder,
    config: configIn(folder, config),
    installation: installationOf(folder, repository.top),
  }
}

function configIn(folder: string, config: string | undefined): string | null {
  return config === undefined ? null : existing(resolve(folder, config))
}

/** Two configurations of the folder that a person is in, both run by this sqlatency. */
export function prepareConfigs(base: string, head: string): Prepared {
  const prepared = (config: string): PreparedSide => ({
    title: config,
    commit: null,
    build: '',
    folder: process.cwd(),
    config: existing(resolve(config)),
    installation: thisInstallation(),
  })
  return { base: prepared(base), head: prepared(head) }
}

function existing(path: string): string {
  if (!existsSync(path)) throw new SqlatencyError('CONFIG_UNREADABLE', `There is no file ${path}.`, { file: path })
  return path
}
