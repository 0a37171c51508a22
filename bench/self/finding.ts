import { quantiles } from '../analyze/quantiles.ts'

/** One line of the report. */
export interface Finding {
  readonly what: string
  readonly figure: string
  /** How far it scattered. */
  readonly range?: string
  readonly target?: string
  /** `unstable` is what a run would call itself, `tie` what cannot be told apart; both are told and are no failure. */
  readonly verdict?: 'pass' | 'MISS' | 'unstable' | 'tie'
}

export interface Section {
  readonly title: string
  readonly findings: readonly Finding[]
}

const verdictOf = (met: boolean): 'pass' | 'MISS' => (met ? 'pass' : 'MISS')

/** A figure with a limit. */
export function atMost(
  value: number,
  limit: number,
  say: (value: number) => string,
  line: Omit<Finding, 'figure'>,
): Finding {
  return { ...line, figure: say(value), target: `at most ${say(limit)}`, verdict: verdictOf(value <= limit) }
}

export function atLeast(
  value: number,
  least: number,
  say: (value: number) => string,
  line: Omit<Finding, 'figure'>,
): Finding {
  return { ...line, figure: say(value), target: `at least ${say(least)}`, verdict: verdictOf(value >= least) }
}

export const times = (ratio: number): string => `${ratio.toFixed(2)}×`

/** `+2.4 %` of a ratio. */
export function more(ratio: number): string {
  const text = ((ratio - 1) * 100).toFixed(1)
  return `${text.startsWith('-') ? '−' : '+'}${text.replace('-', '')} %`
}

export interface Paired {
  readonly ratio: number
  readonly range: string
}

/** Of ratios within one repetition each: median and quartiles, because a disturbance of one process shall not decide. */
export function summary(ratios: readonly number[]): Paired {
  const [low, ratio, high] = quantiles([Float64Array.from(ratios)], [0.25, 0.5, 0.75]) as [number, number, number]
  return { ratio, range: `${more(low)} to ${more(high)}` }
}

/** Sections as text, in columns. */
export function table(section: Section): string {
  const rows = section.findings.map(({ what, figure, range = '', target = '', verdict = '' }) => [
    what,
    figure,
    range,
    target,
    verdict,
  ])
  const width = (column: number): number => Math.max(0, ...rows.map((row) => row[column]!.length))
  const lines = rows.map(([what, figure, range, target, verdict]) =>
    [
      `  ${what!.padEnd(Math.max(46, width(0)))}`,
      figure!.padStart(Math.max(9, width(1))),
      range!.padEnd(Math.max(20, width(2))),
      target!.padEnd(Math.max(21, width(3))),
      verdict,
    ]
      .join('  ')
      .trimEnd(),
  )
  return [section.title, ...lines, ''].join('\n')
}
