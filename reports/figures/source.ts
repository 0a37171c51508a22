import { moment } from '../format.ts'
import { ranOn } from '../method.ts'
import type { View } from '../view.ts'

/** Who measured, when and on what: the line that no figure must lose. */
export function sourceLine({ run }: View): string {
  return ['sqlatency', `run ${run.id}`, moment(run.startedAt), ranOn(run)].join(' · ')
}
