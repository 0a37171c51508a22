/** Six digits are more than a screen can show, and half the bytes. */
export function finest<T extends number | null>(value: T): T {
  return (value === null ? null : Number(value.toPrecision(6))) as T
}
