import type { K6Cell, K6Study } from '../bench/contract/index.ts'
import { MISSING, count, duration, percent, plural, quantileName, rate } from './format.ts'
import { troubleText } from './missing.ts'
import type { View } from './view.ts'

type MeasuredK6 = Extract<K6Cell, { outcome: 'measured' }>

/** Requests of k6 as a table that every report shows in its own way. Rows stand by scenario, so that backends stand together. */
export interface K6Table {
  readonly heads: readonly string[]
  readonly rows: readonly {
    readonly backend: string
    readonly scenario: string
    readonly target: string
    readonly cells: readonly { readonly main: string; readonly aside: string }[]
  }[]
}

const PS = [0.5, 0.95, 0.99] as const

export const K6_TITLE = 'Seen through HTTP'

/** All that a report says of it. */
export interface K6Seen {
  readonly about: string
  /** Null where nothing was measured. */
  readonly found: K6Table | null
  readonly warning: string | null
  readonly reasons: readonly (readonly [reason: string, what: string])[]
}

/** Null where nobody looked from there. */
export function k6Seen(view: View): K6Seen | null {
  const study = view.run.k6
  return study === null
    ? null
    : { about: k6About(study), found: k6Table(view), warning: k6Warning(view), reasons: k6Reasons(view) }
}

/** What these figures are, and what they must not be taken for. */
function k6About(study: K6Study): string {
  const { version, ratePerSecond, durationNs, warmUpNs, virtualUsers, segments, sessions } = study
  const shared =
    segments === 1 ? 'One process of k6 each' : `${segments} processes of k6 shared each load and are one round`
  const seen =
    version === null
      ? 'What k6 saw from outside on other machines; its outputs were read here, by the machine that this run names'
      : `What k6 ${version} saw from outside`
  const behind = sessions === null ? '' : `, and at most ${plural(sessions, 'session')} behind a face`
  return (
    `${seen}: ${rate(ratePerSecond)}, evenly spaced, for ${duration(durationNs)} after a warm-up of ${duration(warmUpNs)}, ` +
    `at most ${count(virtualUsers)} under way${behind}. Every time holds k6, HTTP and the face; an empty request tells how much that is. ` +
    `So none is in a ranking, and none belongs beside a figure that was measured in process. ${shared}: there is no interval, and a percentile has at least ten answers beyond it.`
  )
}

const measuredIn = ({ run }: View): MeasuredK6[] => run.k6?.cells.filter((cell) => cell.outcome === 'measured') ?? []

export const answeredByHttp = ({ cells }: K6Study): number =>
  cells.reduce((sum, cell) => sum + (cell.outcome === 'measured' ? cell.answered : 0), 0)

function k6Table(view: View): K6Table | null {
  const cells = measuredIn(view)
  if (cells.length === 0) return null
  const order = [null, ...view.scenarios.map(({ id }) => id)]
  return {
    heads: [...PS.map(quantileName), 'longest', 'answered', 'errors', 'missing'],
    rows: order.flatMap((scenario) =>
      cells
        .filter((cell) => cell.scenario === scenario)
        .map((cell) => ({
          backend: cell.backend,
          scenario: scenarioName(view, scenario),
          target: askedOf(view, cell),
          cells: figures(cell),
        })),
    ),
  }
}

/** A write without its class says nothing. */
function askedOf({ run }: View, { backend, scenario, target }: MeasuredK6): string {
  const isWrite = run.scenarios.some(({ id, kind }) => id === scenario && kind !== 'read')
  const durability = run.backends.find(({ id }) => id === backend)?.session?.durability ?? 'undeclared'
  return `${target === 'worker' ? 'its own Worker' : 'sqlatency serve'}${isWrite ? `, commits ${durability}` : ''}`
}

function figures(cell: MeasuredK6) {
  const { valid, quantiles, maxNs, answered, offered, errors, dropped, unfinished, lost } = cell
  const quantile = (p: number): string => {
    if (!valid) return 'invalid'
    const ns = quantiles.find((one) => one.p === p)?.ns ?? null
    return ns === null ? 'too few' : duration(ns)
  }
  const failed = errors.reduce((sum, one) => sum + one.count, 0)
  return [
    ...PS.map((p) => ({ main: quantile(p), aside: '' })),
    { main: valid ? duration(maxNs) : `≥ ${duration(maxNs)}`, aside: '' },
    { main: count(answered), aside: `of ${count(offered)}` },
    { main: count(failed), aside: errors.map(({ code, count: times }) => `${code}: ${count(times)}`).join(', ') },
    {
      main: count(dropped + unfinished),
      aside: valid
        ? ''
        : [
            `${percent((dropped + unfinished) / offered)}: ${count(dropped)} dropped, ${count(unfinished)} unfinished`,
            ...lost.map(({ segment, why }) => `segment ${segment} died: ${why}`),
          ].join('; '),
    },
  ]
}

/** Why percentiles are withheld, where some are. */
function k6Warning(view: View): string | null {
  const invalid = measuredIn(view).filter(({ valid }) => !valid)
  return invalid.length === 0
    ? null
    : `Invalid: k6 drops a request when no virtual user is free, and ends without those that it was too busy for. Those that would have waited longest are missing, so no percentile holds. ` +
        `A higher --concurrency or a lower --rate avoids it.${invalid.some(({ lost }) => lost.length > 0) ? ' Where a segment died, what it asked is missing.' : ''}`
}

/** Why a backend or scenario has no figure, told once for all that share it. */
function k6Reasons(view: View): K6Seen['reasons'] {
  const reasons = new Map<string, string[]>()
  for (const cell of view.run.k6?.cells ?? []) {
    if (cell.outcome === 'measured') continue
    const reason =
      cell.outcome === 'failed'
        ? troubleText(cell)
        : cell.outcome === 'skipped'
          ? `skipped: ${cell.reason}`
          : 'not measured yet.'
    const what = `${view.title(cell.backend)}, ${scenarioName(view, cell.scenario)}`
    reasons.set(reason, [...(reasons.get(reason) ?? []), what])
  }
  return [...reasons].map(([reason, places]) => [reason || MISSING, places.join('; ')])
}

const scenarioName = (view: View, scenario: string | null): string =>
  scenario === null ? 'Empty request' : (view.scenarios.find(({ id }) => id === scenario)?.title ?? scenario)
