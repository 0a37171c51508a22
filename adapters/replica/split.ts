import type { AsyncQuery, AsyncSession } from '../../bench/contract/index.ts'

/** How a session that reads here and writes there is put together. */
export interface Split {
  /** Where reads go. */
  readonly replica: AsyncSession
  /** Where everything else goes, transactions too. */
  readonly primary: AsyncSession
  /** Whether a read waits until the replica has what this session wrote before it. */
  readonly readYourWrites: boolean
  /** Waits until the replica has all that the primary has acknowledged. */
  catchUp(): Promise<void>
}

/** One session on a primary and its replica, as an application with two pools would have it. */
export function splitSession({ replica, primary, readYourWrites, catchUp }: Split): AsyncSession {
  let isBehind = false
  const settled = async (): Promise<void> => {
    await catchUp()
    isBehind = false
  }
  return {
    mode: 'async',
    prepare(text): AsyncQuery {
      if (isRead(text)) {
        const read = replica.prepare(text)
        return readYourWrites ? (args) => (isBehind ? settled().then(() => read(args)) : read(args)) : read
      }
      const write = primary.prepare(text)
      return (args) => {
        isBehind = true
        return write(args)
      }
    },
    batch(calls) {
      isBehind = true
      return primary.batch(calls)
    },
    catchUp: settled,
    facts: () => primary.facts(),
    isLost: () => [replica, primary].some((session) => session.isLost?.() === true),
    async close() {
      await Promise.all([replica.close(), primary.close()])
    },
  }
}

/** Statements that change something or lock rows go to the primary, and so does what is not recognised. */
export function isRead(text: string): boolean {
  return (
    /^\s*(?:select|values|with|explain)\b/i.test(text) &&
    !/\b(?:insert|update|delete|merge|into|for\s+(?:no\s+key\s+update|key\s+share|share|update))\b/i.test(
      text.replaceAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"/g, ''),
    )
  )
}
