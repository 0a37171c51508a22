import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { canFlag, firstPairs, isFlagged } from '../analyze/gate.ts'
import type { Gate, GateRules, SideFacts, SideName } from '../contract/index.ts'
import { seededRandom, SqlatencyError } from '../contract/index.ts'
import { answersDigest, differences } from './answers.ts'
import type { Bouts, Conduct, Contestants } from './conduct.ts'
import { conduct } from './conduct.ts'
import { gateOf, judged } from './gate.ts'
import type { Installation } from './side.ts'
import { Side } from './side.ts'
import type { SideChoices, SideUp } from './side-protocol.ts'
import { COMPARE_PREFIX } from './store.ts'

/** A side that can be started: its code is there and built. */
export interface PreparedSide {
  readonly title: string
  readonly commit: string | null
  readonly build: string
  readonly folder: string
  /** Absolute; null: the one in the folder. */
  readonly config: string | null
  readonly installation: Installation
}

export interface CompareRequest {
  readonly id: string
  /** Absolute folder of this comparison. */
  readonly directory: string
  readonly base: PreparedSide
  readonly head: PreparedSide
  readonly rules: GateRules
  /** All but what is a side's own. */
  readonly choices: Omit<SideChoices, 'config' | 'commit' | 'output' | 'rounds'>
  readonly signal: AbortSignal
  readonly say: (line: string) => void
}

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
    const cells = commonCells(base, head, request)
    const rules = { ...request.rules, pairsFirst: firstPairs(cells.length, request.rules) }
    if (!canFlag(cells.length, rules))
      request.say(
        `${rules.pairsMax} pairs cannot tell a difference among ${cells.length} comparisons: raise --pairs-max`,
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

class Sides implements AsyncDisposable {
  readonly #request: CompareRequest
  readonly #started = new Map<SideName, Side>()

  constructor(request: CompareRequest) {
    this.#request = request
  }

  /** @param like the side that came first: seed and scale are what it chose */
  async begin(name: SideName, like?: SideUp): Promise<SideUp> {
    const { signal, say, directory, choices, rules } = this.#request
    signal.throwIfAborted()
    const { folder, installation, config, commit } = this.#prepared(name)
    const side = new Side({ name, folder, installation, say })
    this.#started.set(name, side)
    signal.addEventListener('abort', () => void side.finish('stop'), { once: true })
    return side.begin({
      ...choices,
      config,
      commit,
      seed: like?.run.seed ?? choices.seed,
      scale: like?.run.plan.scale ?? choices.scale,
      rounds: rules.pairsFirst,
      output: join(directory, name),
    })
  }

  get(name: SideName): Side {
    return this.#started.get(name)!
  }

  facts(name: 'base' | 'head'): SideFacts {
    const { title, commit, build, installation } = this.#prepared(name)
    const run = this.#started.get(name)?.run
    return {
      name: title,
      commit,
      build,
      harness: { version: installation.version, from: installation.from },
      run: run === null || run === undefined ? null : `${name}/${run.id}`,
    }
  }

  async finish(): Promise<void> {
    await Promise.all(
      [...this.#started.values()].map((side) => side.finish(this.#request.signal.aborted ? 'stop' : 'end')),
    )
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#started.values()].map((side) => side.finish('stop')))
  }

  #prepared(name: SideName): PreparedSide {
    return name === 'head' ? this.#request.head : this.#request.base
  }
}

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

/** Cells that are up on both sides. */
function commonCells(base: SideUp, head: SideUp, { base: { title } }: CompareRequest): Contestants['cell'][] {
  const all = base.run.cells.filter((cell) =>
    head.run.cells.some(({ backend, scenario }) => backend === cell.backend && scenario === cell.scenario),
  )
  if (all.length === 0)
    throw new SqlatencyError('USAGE', `No scenario on any backend of ${title} is there on the other side too.`)
  const isUp = ({ backend, scenario }: Contestants['cell']): boolean =>
    [base, head].every(({ run }) =>
      run.cells.some((cell) => cell.backend === backend && cell.scenario === scenario && cell.outcome === 'pending'),
    )
  return all.filter(isUp).map(({ backend, scenario }) => ({ backend, scenario }))
}

/** By scenario: whether both sides were asked the same, and answered the same. */
function compareAnswers(base: SideUp, head: SideUp): Map<string, 'same' | 'changed' | 'changed, answers differ'> {
  const told = new Map<string, 'same' | 'changed' | 'changed, answers differ'>()
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
