import { insertText, markerTable, quoteName } from '../../bench/contract/index.ts'
import type { D1Binding, D1Result } from './binding.ts'
import { Refusal } from './guard.ts'

/** Which instance of the database answered; null where it does not tell, as the local simulator. */
interface Served {
  readonly servedByPrimary: boolean | null
  readonly servedByRegion: string | null
}

export interface MarkerWritten extends Served {
  readonly bookmark: string | null
}

export interface MarkerLook extends Served {
  readonly visible: boolean
}

const INSERT = insertText(markerTable, 1, 'sqlite')
const SELECT = `SELECT seq FROM ${quoteName(markerTable.name)} WHERE id = ?`
/** D1's own have 71 characters. */
const BOOKMARK_LIMIT = 256

/**
 * Writes a lag marker at the primary and tells the bookmark of the database after it. A bookmark is what a session has seen last
 * (https://developers.cloudflare.com/d1/worker-api/d1-database/#getbookmark).
 */
export async function writeMarker(db: D1Binding, marker: unknown): Promise<MarkerWritten> {
  const id = idOf(marker)
  const session = db.withSession('first-primary')
  const result = await session.prepare(INSERT).bind(id, id).all()
  return { bookmark: session.getBookmark(), ...servedOf(result) }
}

/**
 * Looks for a lag marker once, in a session of its own: without a bookmark any instance may answer, however old its copy is;
 * with one only a copy that is at least as new (https://developers.cloudflare.com/d1/worker-api/d1-database/#withsession).
 */
export async function lookForMarker(db: D1Binding, marker: unknown, bookmark: unknown): Promise<MarkerLook> {
  const id = idOf(marker)
  const session = db.withSession(bookmark === undefined ? 'first-unconstrained' : bookmarkOf(bookmark))
  const result = await session.prepare(SELECT).bind(id).all()
  return { visible: result.results.length > 0, ...servedOf(result) }
}

/** Of every remote request, with read replication or without (https://developers.cloudflare.com/d1/worker-api/return-object/). */
function servedOf({ meta }: D1Result): Served {
  const { served_by_primary: primary, served_by_region: region } = meta
  return {
    servedByPrimary: typeof primary === 'boolean' ? primary : null,
    servedByRegion: typeof region === 'string' ? region : null,
  }
}

function idOf(marker: unknown): number {
  if (!Number.isSafeInteger(marker)) throw new Refusal(400, 'BAD_REQUEST', 'marker must be an integer')
  return marker as number
}

function bookmarkOf(bookmark: unknown): string {
  const isBookmark = typeof bookmark === 'string' && bookmark !== '' && bookmark.length <= BOOKMARK_LIMIT
  if (!isBookmark || bookmark.startsWith('first-'))
    throw new Refusal(400, 'BAD_REQUEST', 'bookmark must be one that this Worker gave')
  return bookmark
}
