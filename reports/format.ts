/** Numbers become words here and nowhere else. Every function is total: what is no finite number becomes `MISSING`. */
export const MISSING = '–'

const UNITS = [
  ['ns', 1],
  ['µs', 1e3],
  ['ms', 1e6],
  ['s', 1e9],
] as const

/** Three significant digits: `742 ns`, `91.8 µs`, `1.10 ms`. */
export function duration(ns: number | null): string {
  if (ns === null || !Number.isFinite(ns)) return MISSING
  if (ns < 0) return `−${duration(-ns)}`
  if (ns === 0) return '0 ns'
  for (const [unit, size] of UNITS) {
    const value = rounding(ns / size)
    // 999.6 ns rounds to 1000, which is the next unit's 1.00.
    if (value < 1000 || unit === 's') return `${significant(value)} ${unit}`
  }
  return MISSING
}

/** Two significant digits, for what is known no better: `about 1.3 ms`. */
export function about(ns: number): string {
  const text = duration(Number(ns.toPrecision(2)))
  return `about ${text.includes('.') ? text.replace(/\.?\d(?= )/, '') : text}`
}

/** A plain figure with two decimals: `6.02`. Never `-0.00`. */
export function number(value: number): string {
  return Number.isFinite(value) ? (Math.round(value * 100) / 100 + 0).toFixed(2) : MISSING
}

/** `5.98–6.03`. */
export function numberInterval(low: number | null, high: number | null): string {
  return low === null || high === null ? NO_INTERVAL : `${number(low)}–${number(high)}`
}

/** A round figure on an axis: `10 µs`, not `10.0 µs`. */
export function tick(ns: number): string {
  return duration(ns).replace(/\.0+ /, ' ')
}

/** `124×`; three significant digits. */
export function ratio(value: number | null): string {
  return value === null || !Number.isFinite(value) ? MISSING : `${significant(value)}×`
}

/** Written once at the end of an interval: `120–127×`. */
export function ratioInterval(low: number | null, high: number | null): string {
  if (low === null || high === null || !Number.isFinite(low) || !Number.isFinite(high)) return NO_INTERVAL
  return `${significant(low)}–${significant(high)}×`
}

/** Too few rounds for an interval. */
const NO_INTERVAL = 'no interval'

/** `738–747 ns`, or both with their unit where they differ: `998 ns – 1.02 µs`. */
export function durationInterval(lowNs: number | null, highNs: number | null): string {
  if (lowNs === null || highNs === null || !Number.isFinite(lowNs) || !Number.isFinite(highNs)) return NO_INTERVAL
  const [low, high] = [duration(lowNs), duration(highNs)]
  const [lowValue = '', lowUnit] = low.split(' ')
  return lowUnit === high.split(' ')[1] ? `${lowValue}–${high}` : `${low} – ${high}`
}

/**
 * What brackets say of a time: the point, or only that it is below the upper end when the lower end is zero.
 * A point of 0 ns would claim that there is none. Where both ends are zero it was read before the acknowledgement: at once.
 */
export function bracketed(bracket: {
  readonly lowerNs: number
  readonly pointNs: number
  readonly upperNs: number
}): string {
  if (bracket.upperNs === 0) return AT_ONCE
  return bracket.lowerNs > 0 ? duration(bracket.pointNs) : `≤ ${duration(bracket.upperNs)}`
}

/** A write that was read before its acknowledgement. */
export const AT_ONCE = 'at once'

/** The ends of a bracket: `[4.08–5.57 ms]`. */
export function bracketEnds({ lowerNs, upperNs }: { readonly lowerNs: number; readonly upperNs: number }): string {
  return `[${durationInterval(lowerNs, upperNs)}]`
}

/** A whole number with groups of three: `2,000,000`. */
export function count(value: number): string {
  return Number.isFinite(value) ? whole(value) : MISSING
}

const LARGE = [
  [1e12, 'trillion'],
  [1e9, 'billion'],
  [1e6, 'million'],
] as const

/** For headings: `15.1 million`. */
export function roughCount(value: number): string {
  if (!Number.isFinite(value)) return MISSING
  const found = LARGE.find(([size]) => Math.abs(value) >= size)
  return found === undefined ? count(value) : `${significant(value / found[0])} ${found[1]}`
}

/** `3.1 %` of a fraction. Nearly all is not all: 0.9997 is `99.9 %`, for `100 %` would deny the one that is missing. */
export function percent(fraction: number): string {
  const value = fraction * 100
  if (!Number.isFinite(value)) return MISSING
  if (value !== 0 && Math.abs(value) < 0.01) return '< 0.01 %'
  if (value > 99 && value < 100) return `${Math.min(99.9, Number(value.toFixed(1)))} %`
  return `${Math.abs(value) < 10 ? Number(value.toPrecision(2)) : whole(value)} %`
}

/** A change with its sign and one decimal, which is what an interval of a few percent needs: `+5.2 %`, `−0.3 %`. */
export function change(fraction: number | null): string {
  return fraction === null || !Number.isFinite(fraction * 100) ? MISSING : `${signed(fraction)} %`
}

/** `+3.1 to +7.4 %`. */
export function changeInterval(low: number | null, high: number | null): string {
  if (low === null || high === null || !Number.isFinite(low * 100) || !Number.isFinite(high * 100)) return NO_INTERVAL
  return `${signed(low)} to ${signed(high)} %`
}

function signed(fraction: number): string {
  const value = fraction * 100
  const size = Math.abs(value) >= 100 ? whole(Math.abs(value)) : Math.abs(value).toFixed(1)
  return /^[0.]+$/.test(size) ? size : `${value < 0 ? '−' : '+'}${size}`
}

/** `12,300/s`. */
export function rate(perSecond: number): string {
  return Number.isFinite(perSecond) ? `${significant(perSecond)}/s` : MISSING
}

const digits = (value: number): string => String(Number(value.toPrecision(3)))

/** A round rate on an axis: `10k/s`. */
export function rateTick(perSecond: number): string {
  if (!Number.isFinite(perSecond)) return MISSING
  if (perSecond >= 1e6) return `${digits(perSecond / 1e6)}M/s`
  return perSecond >= 1e3 ? `${digits(perSecond / 1e3)}k/s` : `${digits(perSecond)}/s`
}

/** Three digits after the point, of a number without a unit: `20.984`. */
export function decimal(value: number): string {
  return Number.isFinite(value) ? value.toFixed(3) : MISSING
}

/** Binary units: `24 GiB`. */
export function bytes(value: number): string {
  if (!Number.isFinite(value)) return MISSING
  let left = value
  let unit = 'B'
  for (const next of ['KiB', 'MiB', 'GiB', 'TiB']) {
    if (left < 1024) break
    left /= 1024
    unit = next
  }
  return `${Math.abs(left) < 1000 ? Number(left.toFixed(left < 100 ? 1 : 0)) : whole(left)} ${unit}`
}

/** `p99.9` of .999. */
export function quantileName(p: number): string {
  return `p${Number((p * 100).toFixed(4))}`
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** `23 Nov 2026, 09:14 UTC` of an ISO time in UTC; anything else stays as it is. */
export function moment(iso: string): string {
  const parts = /^(\d{4})-(\d\d)-(\d\d)T(\d\d:\d\d)\S*Z$/.exec(iso)
  if (parts === null) return iso
  const [, year, month, day, time] = parts
  return `${Number(day)} ${MONTHS[Number(month) - 1] ?? month} ${year}, ${time} UTC`
}

/** `1 round`, `12 rounds`. */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`
}

/** `1st`, `2nd`, `3rd`, `11th`, `100th`. */
export function ordinal(value: number): string {
  const isTeen = Math.floor(value / 10) % 10 === 1
  return `${count(value)}${(isTeen ? undefined : ['th', 'st', 'nd', 'rd'][value % 10]) ?? 'th'}`
}

/** `a`, `a and b`, `a, b and c`; beyond `most` the rest is counted. */
export function list(items: readonly string[], most = Infinity): string {
  if (items.length > most) return `${items.slice(0, most).join(', ')} and ${items.length - most} more`
  const last = items.at(-1) ?? MISSING
  return items.length < 2 ? last : `${items.slice(0, -1).join(', ')} and ${last}`
}

/** Three significant digits with groups of three and no exponent. */
function significant(value: number): string {
  const rounded = rounding(value)
  const size = Math.abs(rounded)
  if (size >= 100) return whole(rounded)
  if (size >= 10) return rounded.toFixed(1)
  if (size >= 1 || size === 0) return rounded.toFixed(2)
  return rounded.toFixed(Math.min(100, 2 - Math.floor(Math.log10(size))))
}

/** Rounding up the largest double would overflow. */
function rounding(value: number): number {
  const rounded = Number(value.toPrecision(3))
  return Number.isFinite(rounded) ? rounded : value
}

/** BigInt, because a large number turns to text with an exponent. */
function whole(value: number): string {
  return BigInt(Math.round(value))
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ',')
}
