import { setTimeout as sleep } from 'node:timers/promises'
import Database from 'better-sqlite3'
import type { Row } from '../../../bench/contract/index.ts'
import type { D1Binding, D1Result, D1Session, D1Statement } from '../binding.ts'

export interface FakeReplica {
  readonly region: string
  /** From a commit at the primary until this copy shows it, nanoseconds. */
  readonly delayNs: number
}

export interface FakeOptions {
  /** What every copy holds from the beginning. */
  readonly schema: readonly string[]
  readonly replicas: readonly FakeReplica[]
  /** Who answers the nth routed read: the place of a replica, or null for the primary. */
  readonly route: (read: number) => number | null
}

/** A read that was answered, in the fake's own words. */
interface AnsweredRead {
  readonly region: string
  readonly isPrimary: boolean
  readonly args: readonly unknown[]
  readonly found: boolean
}

export interface FakeD1 extends D1Binding {
  readonly reads: readonly AnsweredRead[]
  close(): void
}

interface Commit {
  readonly text: string
  readonly args: readonly unknown[]
  readonly atNs: bigint
}

const PRIMARY_REGION = 'WNAM'

/**
 * D1 with read replication, as Cloudflare documents it: one primary that takes all writes, and copies that apply each of its
 * commits after a delay; every copy is a SQLite of its own. Without a session the primary answers everything. In a session the
 * first read goes where the constraint says, and a copy that is older than the session's bookmark waits until it is not.
 * (https://developers.cloudflare.com/d1/best-practices/read-replication/, .../d1/worker-api/d1-database/#withsession)
 */
export function fakeD1({ schema, replicas, route }: FakeOptions): FakeD1 {
  const commits: Commit[] = []
  const reads: AnsweredRead[] = []
  const primary = new Copy(PRIMARY_REGION, true)
  const copies = replicas.map(({ region }) => new Copy(region, false))
  for (const copy of [primary, ...copies]) for (const text of schema) copy.run(text, [])
  let routed = 0

  const write = (text: string, args: readonly unknown[]): D1Result => {
    const result = primary.run(text, args)
    commits.push({ text, args, atNs: process.hrtime.bigint() })
    primary.applied = commits.length
    return result
  }
  /** What this copy may show by now. */
  const catchUp = (place: number): void => {
    const copy = copies[place]!
    const shownNs = process.hrtime.bigint() - BigInt(replicas[place]!.delayNs)
    for (let next = commits[copy.applied]; next !== undefined && next.atNs <= shownNs; next = commits[copy.applied]) {
      copy.run(next.text, next.args)
      copy.applied += 1
    }
  }
  const readAt = async (place: number, atLeast: number, text: string, args: readonly unknown[]): Promise<Answer> => {
    const copy = copies[place]!
    for (catchUp(place); copy.applied < atLeast; catchUp(place)) await sleep(1)
    return { result: copy.run(text, args), version: copy.applied }
  }
  const readPrimary = (text: string, args: readonly unknown[]): Answer => ({
    result: primary.run(text, args),
    version: commits.length,
  })

  const answer = async (
    start: string,
    seen: number | null,
    text: string,
    args: readonly unknown[],
  ): Promise<Answer> => {
    if (!isRead(text)) return { result: write(text, args), version: commits.length }
    const isFirst = seen === null
    const place = isFirst && start === 'first-primary' ? null : route(routed++)
    const atLeast = seen ?? (start.startsWith('first-') ? 0 : versionOf(start))
    const answered = place === null ? readPrimary(text, args) : await readAt(place, atLeast, text, args)
    const { region, isPrimary } = place === null ? primary : copies[place]!
    reads.push({ region, isPrimary, args, found: answered.result.results.length > 0 })
    return answered
  }

  /** `start` null: no session. */
  const sessionOn = (start: string | null): D1Session => {
    let seen: number | null = null
    const run = async (text: string, args: readonly unknown[]): Promise<D1Result> => {
      if (start === null) return isRead(text) ? readPrimary(text, args).result : write(text, args)
      const { result, version } = await answer(start, seen, text, args)
      seen = Math.max(seen ?? 0, version)
      return result
    }
    const statement = (text: string, args: readonly unknown[]): D1Statement => ({
      bind: (...bound) => statement(text, bound),
      all: () => run(text, args),
    })
    return {
      prepare: (text) => statement(text, []),
      async batch(statements) {
        const results: D1Result[] = []
        for (const one of statements) results.push(await one.all())
        return results
      },
      getBookmark: () => (seen === null ? null : bookmarkOf(seen)),
    }
  }

  const direct = sessionOn(null)
  return {
    prepare: (text) => direct.prepare(text),
    batch: (statements) => direct.batch(statements),
    withSession: (start) => sessionOn(start),
    reads,
    close() {
      for (const copy of [primary, ...copies]) copy.close()
    },
  }
}

interface Answer {
  readonly result: D1Result
  /** Commits that the copy which answered had applied. */
  readonly version: number
}

/** One copy of the database. */
class Copy {
  /** Commits that it holds. */
  applied = 0
  readonly region: string
  readonly isPrimary: boolean
  readonly #database = new Database(':memory:')

  constructor(region: string, isPrimary: boolean) {
    this.region = region
    this.isPrimary = isPrimary
  }

  run(text: string, args: readonly unknown[]): D1Result {
    const statement = this.#database.prepare(text)
    const meta = { served_by: 'v3-prod', served_by_region: this.region, served_by_primary: this.isPrimary, duration: 0 }
    if (statement.reader) return { results: statement.all(args) as Row[], meta }
    const { changes } = statement.run(args)
    return { results: [], meta: { ...meta, changes } }
  }

  close(): void {
    this.#database.close()
  }
}

const isRead = (text: string): boolean => /^\s*SELECT\b/i.test(text)

/** Bookmarks sort by age (https://developers.cloudflare.com/d1/reference/time-travel/#bookmarks). */
const bookmarkOf = (version: number): string =>
  `${version.toString(16).padStart(8, '0')}-00000000-00000000-${'0'.repeat(32)}`

const versionOf = (bookmark: string): number => Number.parseInt(bookmark.slice(0, 8), 16)
