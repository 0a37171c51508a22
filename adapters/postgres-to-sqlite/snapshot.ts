/**
 * Which transactions a moment of PostgreSQL shows: all below `xmax` that are not in progress.
 * https://www.postgresql.org/docs/18/functions-info.html#FUNCTIONS-PG-SNAPSHOT-PARTS
 */
interface Snapshot {
  readonly xmax: bigint
  readonly inProgress: ReadonlySet<bigint>
}

/** Reads `pg_snapshot` as text, `xmin:xmax:xid,xid,...`. */
function parse(text: string): Snapshot {
  const [, xmax = '', inProgress = ''] = text.split(':')
  return { xmax: BigInt(xmax), inProgress: new Set(inProgress === '' ? [] : inProgress.split(',').map(BigInt)) }
}

/** The number of the first transaction that had not begun. */
export const xmaxOf = (text: string): number => Number(parse(text).xmax)

/** Whether a snapshot shows every transaction that another one shows. */
export function covers(text: string, other: string): boolean {
  const [here, there] = [parse(text), parse(other)]
  if (here.xmax < there.xmax) return false
  return [...here.inProgress].every((xid) => xid >= there.xmax || there.inProgress.has(xid))
}
