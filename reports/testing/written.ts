const UNITS: Readonly<Record<string, number>> = { ns: 1, µs: 1e3, ms: 1e6, s: 1e9, '×': 1, '/s': 1, '%': 0.01 }
const WRITTEN = /([−+-]?)(\d[\d,]*(?:\.\d+)?)(?: ?(ns|µs|ms|s\b|×|\/s|%))?/g

interface Written {
  /** In nanoseconds, times, a second or parts of one. */
  readonly value: number
  /** Half of its last digit. */
  readonly half: number
  /** Significant digits; a whole number has as many as it wants. */
  readonly digits: number
}

/** Figures of a text in their order, read without the code that wrote them. The unit of an interval stands at its end. */
function written(text: string): Written[] {
  const found = [...text.matchAll(WRITTEN)].map(([, sign, figure, unit]) => ({ sign, figure: figure!, unit }))
  let unit: string | undefined
  return found
    .toReversed()
    .map((one) => {
      unit = one.unit ?? unit
      const size = UNITS[unit ?? ''] ?? 1
      const [whole = '', fraction = ''] = one.figure.replaceAll(',', '').split('.')
      return {
        value: Number(`${whole}.${fraction}0`) * size * (one.sign === '−' || one.sign === '-' ? -1 : 1),
        half: (10 ** -fraction.length / 2) * size,
        digits: fraction === '' ? Infinity : `${whole}${fraction}`.replace(/^0+/, '').length,
      }
    })
    .toReversed()
}

/**
 * What is wrong with a text that should write these figures and no others, each rounded to no fewer than so many digits.
 * @returns null where nothing is
 */
export function misread(text: string, figures: readonly (number | null)[], least = 3): string | null {
  const wanted = figures.filter((figure) => figure !== null)
  const there = written(text)
  const say = (why: string): string => `“${text}” ${why}: ${wanted.join(', ')}`
  if (there.length !== wanted.length) return say(`has ${there.length} figures, not those`)
  for (const [n, figure] of wanted.entries()) {
    const { value, half, digits } = there[n]!
    // Large figures are whole, and end in zeros beyond their third digit.
    const room = Math.max(
      half,
      Math.abs(figure) >= 1000 * half ? 10 ** (Math.floor(Math.log10(Math.abs(figure))) - 2) / 2 : 0,
    )
    if (Math.abs(value - figure) > room * (1 + 1e-9)) return say('is not')
    if (digits < least && figure !== 0) return say('has too few digits for')
  }
  return null
}
