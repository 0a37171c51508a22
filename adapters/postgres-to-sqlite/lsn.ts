/** Positions in the write-ahead log, as bytes since its beginning. `16/B374D848` is how PostgreSQL writes them: two halves, in hex. */
export function fromLsn(lsn: string): number {
  const [upper, lower] = lsn.split('/') as [string, string]
  return Number.parseInt(upper, 16) * 2 ** 32 + Number.parseInt(lower, 16)
}

export function toLsn(bytes: number): string {
  return `${hex(Math.floor(bytes / 2 ** 32))}/${hex(bytes % 2 ** 32)}`
}

const hex = (half: number): string => half.toString(16).toUpperCase()
