import type { CellName, GateCell } from '../contract/index.ts'
import { SqlatencyError } from '../contract/index.ts'
import { answersDigest, differences } from './answers.ts'
import type { SideUp } from './side-protocol.ts'

type Definition = GateCell['definition']

/** Cells that are up on both sides. */
export function commonCells(base: SideUp, head: SideUp, title: string): CellName[] {
  const all = base.run.cells.filter((cell) =>
    head.run.cells.some(({ backend, scenario }) => backend === cell.backend && scenario === cell.scenario),
  )
  if (all.length === 0)
    throw new SqlatencyError('USAGE', `No scenario on any backend of ${title} is there on the other side too.`)
  const isUp = ({ backend, scenario }: CellName): boolean =>
    [base, head].every(({ run }) =>
      run.cells.some((cell) => cell.backend === backend && cell.scenario === scenario && cell.outcome === 'pending'),
    )
  return all.filter(isUp).map(({ backend, scenario }) => ({ backend, scenario }))
}

/** By scenario: whether both sides were asked the same, and answered the same. */
export function compareAnswers(base: SideUp, head: SideUp): Map<string, Definition> {
  const told = new Map<string, Definition>()
  for (const [scenario, definition] of Object.entries(base.definitions)) {
    if (head.definitions[scenario] === undefined) continue
    const [before, after] = [base, head].map(({ answers }) => answers.find((one) => one.scenario === scenario))
    const agree = before === undefined || after === undefined || answersDigest(before) === answersDigest(after)
    if (definition !== head.definitions[scenario]) told.set(scenario, agree ? 'changed' : 'changed, answers differ')
    else if (agree) told.set(scenario, 'same')
    else {
      const [different] = differences(
        new Map([
          ['base', [before]],
          ['head', [after]],
        ]),
      )
      throw new SqlatencyError(
        'ANSWERS_DIFFER',
        `In ${scenario}, head answers differently from base: ${clip(different!.found)} instead of ${clip(different!.expected)}.`,
      )
    }
  }
  return told
}

const clip = (text: string): string => (text.length > 200 ? `${text.slice(0, 200)}...` : text)
