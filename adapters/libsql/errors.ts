import { SqlatencyError, codeOf, messageOf } from '../../bench/contract/index.ts'

/** Primary result codes of SQLite that statements meet; the rest is told as `SQLITE_<number>`. */
const SQLITE: Readonly<Record<number, string>> = {
  1: 'SQLITE_ERROR',
  5: 'SQLITE_BUSY',
  6: 'SQLITE_LOCKED',
  8: 'SQLITE_READONLY',
  9: 'SQLITE_INTERRUPT',
  10: 'SQLITE_IOERR',
  11: 'SQLITE_CORRUPT',
  13: 'SQLITE_FULL',
  18: 'SQLITE_TOOBIG',
  19: 'SQLITE_CONSTRAINT',
  20: 'SQLITE_MISMATCH',
  23: 'SQLITE_AUTH',
}

/** What SQLite on the primary said: `RemoteSqliteFailure(3, 1555, "UNIQUE constraint failed: t.id")`. */
const REMOTE = /^RemoteSqliteFailure\(-?\d+, (\d+), "(.*)"\)/s
/** A parse error, found before anything is sent: `Sqlite3SyntaxError(1, 6, "selec")`. */
const SYNTAX = /^Sqlite3SyntaxError\(\d+, \d+, "(.*)"\)/s
const PARSER = /^Sqlite3ParserError\(.*?token_type: "(.*?)".*\((\d+), (\d+)\)/s
/** A write that did not get through: `WriteDelegation(status: Unavailable, message: "...", ... stack backtrace)`. */
const DELEGATION = /^WriteDelegation\(status: (\w+), message: "((?:[^"\\]|\\.)*)"/
const CONNECT =
  /error trying to connect|tcp connect error|PrimaryHandshakeTimeout|connection closed before|broken pipe/i

/**
 * One sentence and a code for whatever the libSQL client throws. Errors that come from the native part have neither:
 * their text is a Rust debug dump of up to twenty lines.
 */
export function plainError(thrown: unknown): Error {
  if (thrown instanceof SqlatencyError) return thrown
  const message = messageOf(thrown)
  const remote = REMOTE.exec(message)
  if (remote !== null) return coded(sqliteCode(Number(remote[1])), remote[2]!, thrown)
  const syntax = SYNTAX.exec(message)
  if (syntax !== null) return coded('SQLITE_ERROR', `syntax error near "${syntax[1]}"`, thrown)
  const parser = PARSER.exec(message)
  if (parser !== null)
    return coded('SQLITE_ERROR', `syntax error near "${parser[1]}" in line ${parser[2]}, column ${parser[3]}`, thrown)
  const delegation = DELEGATION.exec(message)
  if (delegation !== null) return delegated(delegation[1]!, delegation[2]!, thrown)
  if (CONNECT.test(message) || isTimeout(thrown)) return unreachable(thrown)
  const cause = thrown instanceof Error ? thrown.cause : undefined
  if (message === 'fetch failed') return unreachable(cause ?? thrown)
  const code = codeOf(thrown)
  if (/status 40[13]\b/.test(message)) return denied(thrown)
  return code === '' || code === 'UNKNOWN' ? coded('LIBSQL_ERROR', firstLine(message), thrown) : (thrown as Error)
}

export const denied = (cause?: unknown): SqlatencyError =>
  new SqlatencyError('ACCESS_DENIED', 'the libSQL primary refuses the token of this backend', {}, { cause })

export const unreachable = (cause: unknown): SqlatencyError =>
  new SqlatencyError('UNREACHABLE', `the libSQL primary does not answer (${reason(cause)})`, {}, { cause })

function delegated(status: string, message: string, cause: unknown): Error {
  if (status === 'Unauthenticated' || status === 'PermissionDenied') return denied(cause)
  if (status === 'Unavailable' || CONNECT.test(message)) return unreachable(cause)
  return coded(
    'WRITE_DELEGATION',
    `the libSQL primary did not take a write (${status}): ${message.replaceAll('\\"', '"')}`,
    cause,
  )
}

function sqliteCode(extended: number): string {
  const primary = extended & 0xff
  return SQLITE[primary] ?? `SQLITE_${primary}`
}

function coded(code: string, message: string, cause: unknown): Error {
  return Object.assign(new Error(message, { cause }), { code })
}

function reason(cause: unknown): string {
  if (isTimeout(cause)) return 'timed out'
  const message = messageOf(cause)
  return (
    /\w+ \(os error \d+\)|Connection \w+|PrimaryHandshakeTimeout|E[A-Z]{4,}/.exec(message)?.[0] ?? firstLine(message)
  )
}

const isTimeout = (thrown: unknown): boolean => thrown instanceof Error && thrown.name === 'TimeoutError'
const firstLine = (text: string): string => text.split('\n', 1)[0]!.slice(0, 300)
