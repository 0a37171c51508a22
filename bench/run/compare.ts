import { randomBytes } from 'node:crypto'
import { canFlag, firstPairs, isFlagged } from '../analyze/gate.ts'
import type { Gate, GateRules } from '../contract/index.ts'
import { seededRandom } from '../contract/index.ts'
import { commonCells, compareAnswers } from './alike.ts'
import type { Bouts, Conduct, Contestants } from './conduct.ts'
import { conduct } from './conduct.ts'
import { gateOf, judged } from './gate.ts'
import type { SideUp } from './side-protocol.ts'
import type { CompareRequest } from './sides.ts'
import { Sides } from './sides.ts'
import { COMPARE_PREFIX } from './store.ts'

export const newCompareId = (): string =>
  `${COMPARE_PREFIX}${new Date().toISOString().slice(0, 19).replaceAll(':', '-')}Z-${randomBytes(2).toString('hex')}`

/**
 * Three sides: base, head, and base once more as the control that ought to be no different. They are brought up one after
 * another, asked the same, and then take turns, round by round. Whatever is flagged is measured once more.
 * @returns null when it was interrupted before anything was measured
 * @throws SqlatencyError when a side cannot be brought up, or answers differ though the questions are the same
 */
export async function compareSides(request: CompareRequest): Promise<Gate | null> {
  const startedAt = new Date().toISOString()
  try {
    await using sides = new Sides(request)
    const base = await sides.begin('base')
    const head = await sides.begin('head', base)
    await sides.begin('control', base)
    const definitions = compareAnswers(base, head)
    const cells = commonCells(base, head, request.base.title)
    const rules = { ...request.rules, pairsFirst: firstPairs(cells.length, request.rules) }
    if (!canFlag(cells.length, rules))
      request.say(
        `${rules.pairsMax} pair(s) cannot tell a difference among ${cells.length} comparison(s): raise --pairs-max`,
      )
    const conducting = conductOf({ ...request, rules }, base, sides)
    const controlled = chooseControlled(cells, base.run.seed)
    const first = await conduct(
      cells.map((cell) => ({ cell, isControlled: controlled.includes(cell) })),
      conducting('first look'),
    )
    const flagged = request.signal.aborted ? [] : flaggedOf(first, rules)
    if (flagged.length > 0) request.say(`flagged: ${flagged.map(({ cell }) => spell(cell)).join('; ')}`)
    const again = await conduct(flagged, conducting('confirmation'))
    await sides.finish()
    return gateOf({
      id: request.id,
      startedAt,
      rules,
      isInterrupted: request.signal.aborted,
      base: { facts: sides.facts('base'), run: base.run },
      head: { facts: sides.facts('head'), run: head.run },
      definitions,
      first,
      again,
    })
  } catch (error) {
    if (request.signal.aborted) return null
    throw error
  }
}

const spell = ({ backend, scenario }: { backend: string; scenario: string }): string => `${scenario} on ${backend}`

/** Every flagged cell gets a control of its own: an alarm has to be louder than what base does against base there. */
const flaggedOf = (first: readonly Bouts[], rules: GateRules): Contestants[] =>
  judged(first, rules)
    .filter(({ contest }) => isFlagged(contest.verdict))
    .map(({ cell }) => ({ cell, isControlled: true }))

function conductOf({ rules, signal, say }: CompareRequest, base: SideUp, sides: Sides): (stage: string) => Conduct {
  const repetitions = (function* () {
    for (let repetition = 0; ; repetition += 1) yield repetition
  })()
  return (stage) => ({
    rules,
    seed: base.run.seed,
    signal,
    repetitions,
    ask: (side, round) => sides.get(side).round(round),
    progress: (pairs, open) => {
      if (pairs % rules.pairsStep === 0 || open === 0) say(`${stage}: ${pairs} pairs measured, ${open} still open`)
    },
  })
}

/** One cell a backend, by lot: controls cost a third of a cell's time. */
function chooseControlled<Cell extends { backend: string }>(cells: readonly Cell[], seed: number): Cell[] {
  const backends = [...new Set(cells.map(({ backend }) => backend))]
  return backends.map((backend) =>
    seededRandom(seed, 'control', backend).pick(cells.filter((cell) => cell.backend === backend)),
  )
}
