import { SqlatencyError } from '../../bench/contract/index.ts'

/** A libsql-server. */
export interface ServerAddress {
  /** Where the primary itself answers, `http://host:port` or `https://host`. */
  readonly primaryUrl: string
  readonly authToken: string | null
}

/** Plain data that every session of a run is opened from. */
export interface Address extends ServerAddress {
  /** The same place, seen from the application: behind the relay if there is one. */
  readonly syncUrl: string
  /** Replica file of the rounds, kept from one to the next. Only one connection at a time may have it open. */
  readonly file: string
  /** Replica file of the lag reader. */
  readonly lagFile: string
  readonly readYourWrites: boolean
  /** 0: only `sync()` and the own writes bring changes over. */
  readonly syncIntervalMs: number
}

/**
 * One spelling for `libsql:`, `http:` and `https:` URLs, for clients that know only the last two; the token is taken out.
 * The native client aborts the process when a token cannot stand in an HTTP header, so such a one is refused here.
 * @throws SqlatencyError `CONFIG_INVALID` or `ACCESS_DENIED`; neither quotes URL or token.
 */
export function remoteAddress(
  url: string,
  authToken: string | null,
): { readonly base: string; readonly authToken: string | null } {
  const parsed = URL.canParse(url) ? new URL(url) : null
  const scheme = parsed?.protocol ?? ''
  if (parsed === null || !['libsql:', 'http:', 'https:'].includes(scheme)) {
    throw new SqlatencyError(
      'CONFIG_INVALID',
      'the url of a libsql backend must start with libsql://, https:// or http://',
      {
        file: 'the configuration',
      },
    )
  }
  const token = authToken ?? parsed.searchParams.get('authToken')
  if (token !== null && !/^[\x21-\x7e]+$/.test(token)) {
    throw new SqlatencyError('ACCESS_DENIED', 'the authToken of a libsql backend holds characters that no token has')
  }
  const plain = scheme === 'http:' || (scheme === 'libsql:' && parsed.searchParams.get('tls') === '0')
  const path = parsed.pathname.replace(/\/+$/, '')
  return { base: `${plain ? 'http' : 'https'}://${parsed.host}${path}`, authToken: token }
}
