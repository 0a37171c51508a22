import { moment, plural, roughCount } from '../format.ts'
import { answeredByHttp } from '../k6.ts'
import { escapeMarkdown } from '../markdown-text.ts'
import { ranOn } from '../method.ts'
import { plain } from '../sentence.ts'
import { verdict } from '../verdict.ts'
import type { View } from '../view.ts'

/** What the numbers answer. */
export const answer = (view: View): string =>
  verdict(view)
    .map((sentence) => escapeMarkdown(plain(sentence)))
    .join(' ')

/** What the answer rests on. */
export function ground(view: View): string {
  const { run, notes } = view
  return [
    `Run ${escapeMarkdown(run.id)} of sqlatency`,
    escapeMarkdown(moment(run.startedAt)),
    escapeMarkdown(ranOn(run)),
    `plan ${escapeMarkdown(run.plan.name)} with ${plural(run.plan.rounds, 'round')}`,
    `${roughCount(view.operationsTimed)} operations timed`,
    ...(run.k6 === null ? [] : [`${roughCount(answeredByHttp(run.k6))} requests answered through HTTP`]),
    `status ${run.status}`,
    `${notes.length === 0 ? 'no caveat applies' : `${plural(notes.length, 'caveat applies', 'caveats apply')}, below`}.`,
  ].join('; ')
}
