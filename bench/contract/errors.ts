/** Exit codes of the command line. */
export const EXIT = {
  ok: 0,
  internal: 1,
  usage: 2,
  backend: 3,
  answersDiffer: 4,
  invalid: 5,
  regression: 99,
  interrupted: 130,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/**
 * Every trouble that is expected, with what to do about it.
 * A remedy is one sentence; `{name}` is filled from the error's details.
 */
const TABLE = {
  USAGE: { exit: EXIT.usage, remedy: 'Run `sqlatency --help` to see what can be asked for.' },
  CONFIG_INVALID: { exit: EXIT.usage, remedy: 'Correct the entry in {file}.' },
  CONFIG_UNREADABLE: { exit: EXIT.usage, remedy: 'Check that {file} exists and can be imported by Node.' },
  CLAIMS_INVALID: { exit: EXIT.usage, remedy: 'Correct the file; docs/claims.md shows its form.' },
  UNKNOWN_NAME: { exit: EXIT.usage, remedy: '{suggestion}' },
  RUN_NOT_FOUND: { exit: EXIT.usage, remedy: 'Run `sqlatency list --runs` to see what is stored.' },
  RUN_UNREADABLE: { exit: EXIT.usage, remedy: 'The file is damaged or from another version; measure again.' },
  REF_UNKNOWN: { exit: EXIT.usage, remedy: 'Fetch it first, or name a commit, branch or tag that `git log` shows.' },
  NO_REPOSITORY: { exit: EXIT.usage, remedy: 'Run this inside a git repository, or compare two configurations.' },
  NO_PROJECT: { exit: EXIT.usage, remedy: 'Go to the folder of your project, or make one with `npm init`.' },
  BUILD_FAILED: {
    exit: EXIT.usage,
    remedy: 'Say with `--build` how that ref is built, or build it by hand to see why it fails.',
  },
  SIDE_UNKNOWN: {
    exit: EXIT.usage,
    remedy: 'Compare refs whose sqlatency is as new as this one, or two configurations with `--base-config`.',
  },
  SIDE_DIED: { exit: EXIT.backend, remedy: 'Read the message above; `sqlatency run` on that side alone shows more.' },
  RUNS_DIFFER: {
    exit: EXIT.usage,
    remedy: 'Merge runs that were asked for the same; runs that name different regions may have other backends.',
  },
  NOT_WRITABLE: { exit: EXIT.usage, remedy: 'Give another file or folder with -o.' },
  K6_MISSING: {
    exit: EXIT.backend,
    remedy:
      'Install k6 2 (docs/k6.md says how) or name it in SQLATENCY_K6_BIN; `--script-only` writes what it would run.',
  },
  K6_FAILED: {
    exit: EXIT.backend,
    remedy: 'Write the script with `--script-only` and run it by hand, with `sqlatency serve`, to see more.',
  },
  PORT_TAKEN: { exit: EXIT.usage, remedy: 'Give another with `--port`, or leave it away for one that is free.' },
  NO_CANVAS: {
    exit: EXIT.usage,
    remedy: 'Run `npm ci` without `--omit=optional`, or leave `--figures` away: the page draws the same charts.',
  },
  ANSWERS_DIFFER: { exit: EXIT.answersDiffer, remedy: 'Make the backends agree before comparing their speed.' },
  BINARY_MISSING: {
    exit: EXIT.backend,
    remedy: 'Run `npm ci`, or `sqlatency doctor` to see what is missing on this machine.',
  },
  SERVER_NOT_READY: {
    exit: EXIT.backend,
    remedy: 'Read the server log quoted above; a port may be taken or the disk full.',
  },
  IMAGE_MISSING: { exit: EXIT.backend, remedy: 'Check the name, and that `docker pull {image}` works.' },
  CONTAINER_FAILED: {
    exit: EXIT.backend,
    remedy: 'Read what Docker said; if testcontainers cannot pull its reaper, set TESTCONTAINERS_RYUK_DISABLED=true.',
  },
  SERVER_DIED: {
    exit: EXIT.backend,
    remedy: 'Read the server log quoted above, then go on with `sqlatency run --resume`.',
  },
  EMULATOR_MISSING: {
    exit: EXIT.backend,
    remedy: 'Run `sqlatency doctor` to see which emulators this machine has, or ask for `--emulator auto`.',
  },
  UNREACHABLE: { exit: EXIT.backend, remedy: 'Check the URL, that the server runs, and that no firewall is between.' },
  ACCESS_DENIED: { exit: EXIT.backend, remedy: 'Check user, password or token of this backend.' },
  FOREIGN_TABLES: {
    exit: EXIT.backend,
    remedy: 'Give a database or schema of its own; sqlatency never touches tables that it did not make.',
  },
  STORAGE_FULL: {
    exit: EXIT.backend,
    remedy: 'Free space on the disk that holds {directory}, then go on with `sqlatency run --resume`.',
  },
  CLEAN_UP_FAILED: {
    exit: EXIT.backend,
    remedy: 'Take away by hand what is named here; `sqlatency clean` takes away what is left on this machine.',
  },
  UNKNOWN_OPERATION: {
    exit: EXIT.backend,
    remedy: 'Deploy the Worker again from this version, so that it knows the operation.',
  },
  BUNDLE_FAILED: {
    exit: EXIT.backend,
    remedy: 'Keep scenarios in modules that import nothing but sqlatency, so that they can run in a Worker.',
  },
  DURABILITY_REFUSED: {
    exit: EXIT.backend,
    remedy: 'Ask for the class that this backend has, or leave the backend out.',
  },
  NOT_AVAILABLE: { exit: EXIT.ok, remedy: '{remedy}' },
  REPLICA_BEHIND: {
    exit: EXIT.backend,
    remedy: 'Look at the log of the replica: it does not follow its primary, or cannot keep up with it.',
  },
  CHILD_DIED: { exit: EXIT.backend, remedy: 'Run `sqlatency doctor`; a native module may not fit this machine.' },
  BACKEND_FAILED: {
    exit: EXIT.backend,
    remedy: 'Read the message above; `sqlatency doctor --backend {backend}` tries the backend alone.',
  },
  ONE_CALLER: {
    exit: EXIT.backend,
    remedy: 'Leave `--concurrency` away for this backend, or let operations arrive by a timetable with `--rate`.',
  },
  TOO_SLOW: { exit: EXIT.backend, remedy: 'Raise `--round-timeout`, or leave the scenario out for this backend.' },
} as const

export type ErrorCode = keyof typeof TABLE

/** An expected trouble: one sentence and a remedy. Anything else that is thrown is a defect of ours. */
export class SqlatencyError extends Error {
  override readonly name = 'SqlatencyError'
  readonly code: ErrorCode
  readonly remedy: string
  readonly exit: ExitCode

  constructor(
    code: ErrorCode,
    message: string,
    details: Readonly<Record<string, string>> = {},
    options?: ErrorOptions,
  ) {
    super(message, options)
    this.code = code
    this.exit = TABLE[code].exit
    this.remedy = TABLE[code].remedy.replace(/\{(\w+)\}/g, (_, name: string) => details[name] ?? name)
  }
}

export function isErrorCode(code: string): code is ErrorCode {
  return code in TABLE
}

/** The code of whatever was thrown: ours, the system's or the driver's, else `UNKNOWN`. */
export function codeOf(thrown: unknown): string {
  if (typeof thrown === 'object' && thrown !== null && 'code' in thrown) {
    if (typeof thrown.code === 'string' || typeof thrown.code === 'number') return String(thrown.code)
  }
  return thrown instanceof Error && thrown.name !== 'Error' ? thrown.name : 'UNKNOWN'
}

export function messageOf(thrown: unknown): string {
  if (thrown instanceof AggregateError && thrown.message === '') return thrown.errors.map(messageOf).join('; ')
  return thrown instanceof Error ? thrown.message : String(thrown)
}

const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
])
/** Postgres: invalid_authorization_specification, invalid_password. */
const DENIED = new Set(['28000', '28P01', 'SERVER_ERROR_401', 'SERVER_ERROR_403'])
const FULL = new Set(['ENOSPC', 'SQLITE_FULL', '53100', 'EDQUOT'])

/** The same trouble in our words, so that every backend reports alike. */
export function toSqlatencyError(thrown: unknown, details: Readonly<Record<string, string>> = {}): SqlatencyError {
  if (thrown instanceof SqlatencyError) return thrown
  const code = codeOf(thrown)
  const message = messageOf(thrown)
  const options = { cause: thrown }
  if (UNREACHABLE.has(code) || /ECONNREFUSED|fetch failed|getaddrinfo/.test(message)) {
    return new SqlatencyError('UNREACHABLE', message || code, details, options)
  }
  if (DENIED.has(code) || /\b40[13]\b|unauthorized/i.test(message))
    return new SqlatencyError('ACCESS_DENIED', message, details, options)
  if (FULL.has(code) || /disk is full|no space left/i.test(message))
    return new SqlatencyError('STORAGE_FULL', message, details, options)
  return new SqlatencyError('BACKEND_FAILED', message || code, { backend: 'NAME', ...details }, options)
}
