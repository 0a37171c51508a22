import type { CaveatId } from '../../bench/contract/index.ts'
import { list, plural } from '../format.ts'
import type { CaveatNote } from '../caveats.ts'
import type { View } from '../view.ts'

/** What a picture must not lose when it is cut from its page, the most important first; others only count. */
const MAIN: readonly CaveatId[] = [
  'ANSWERS_DIFFER',
  'D1_LOCAL',
  'SATURATED',
  'RTT_EMULATED',
  'REPLICA_STALE',
  'DURABILITY_DIFFERS',
  'WRITE_FORWARDED',
  'PREPARED_EVERY_CALL',
  'HOSTS_DIFFER',
  'ERRORS',
  'NO_INTERVAL',
  'CONTENDED',
  'VOLATILE_STORAGE',
  'IN_CONTAINER',
  'SAME_HOST',
  'CLOSED_LOOP',
]
const MOST = 4

/** Whom a picture shows. */
export interface Shown {
  readonly backends: readonly string[]
  readonly scenarios: readonly string[]
}

/** One paragraph: the state of the run, its main caveats with their letters, and how many more the report has. */
export function caveatLine(view: View, shown: Shown, most = MOST): string {
  const told = MAIN.map((id) => view.notes.filter((note) => note.id === id && concerns(note, shown)))
    .filter((notes) => notes.length > 0)
    .slice(0, most)
  const left = view.notes.length - told.flat().length
  return [
    ...(view.run.status === 'complete'
      ? []
      : [`This run is ${view.run.status === 'partial' ? 'partial' : 'not finished'}.`]),
    ...told.map((notes) => `(${notes.map(({ letter }) => letter).join(', ')}) ${titleOf(view, notes, shown)}`),
    ...(left === 0
      ? []
      : [
          told.length === 0
            ? `${plural(left, 'caveat')} in the report.`
            : `And ${plural(left, 'more caveat')} in the report.`,
        ]),
  ].join(' ')
}

/** Distances are a caveat each; here they are one, with names that are never long. */
function titleOf(view: View, notes: readonly CaveatNote[], { backends }: Shown): string {
  if (notes[0]!.id !== 'RTT_EMULATED') return notes[0]!.title
  const far = view.backends.filter(({ id, distance }) => distance !== null && backends.includes(id))
  return `The distance to ${list(
    far.map(({ id }) => view.short(id)),
    2,
  )} is emulated.`
}

/** D1_LOCAL stands in every picture of its run: somebody will put two of them side by side. */
function concerns(note: CaveatNote, { backends, scenarios }: Shown): boolean {
  if (note.id === 'D1_LOCAL' || note.concerns === null) return true
  return backends.some((backend) => scenarios.some((scenario) => note.concerns!(backend, scenario)))
}

/** Who has no figure in this scenario, and why in one word. */
export function missingLine(view: View, scenario: string): string {
  const missing = view.ranking(scenario)?.missing ?? []
  return missing.length === 0
    ? ''
    : `Without a result: ${list(
        missing.map(({ backend, cell }) => `${view.short(backend.id)} (${cell.outcome})`),
        4,
      )}.`
}
