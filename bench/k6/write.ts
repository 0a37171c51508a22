import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { argsToWire } from '../../adapters/d1/values.ts'
import type { RowCount, Scenario } from '../contract/index.ts'
import { messageOf, SqlatencyError } from '../contract/index.ts'
import { questionSource } from '../measure/draw.ts'
import { removeOlder } from './older.ts'

/** How k6 asks. */
export interface K6Timetable {
  readonly ratePerSecond: number
  readonly durationNs: number
  readonly warmUpNs: number
  readonly virtualUsers: number
}

/** TypeScript from source and from the build alike: k6 runs it as it is. */
const SCRIPT = fileURLToPath(new URL('./probe.ts', import.meta.url))

const iterations = (ratePerSecond: number, ns: number): number => Math.round((ratePerSecond * ns) / 1e9)

export const offeredIn = ({ ratePerSecond, durationNs }: K6Timetable): number => iterations(ratePerSecond, durationNs)

interface Asked {
  readonly scenarios: readonly Scenario[]
  readonly timetable: K6Timetable
  readonly seed: number
  readonly count: RowCount
}

const QUESTIONS = '.questions.json'

/**
 * The script, the questions of each scenario as request bodies, and the plan, each made when it is asked for. Questions after the
 * warm-up are the first that a first round of `sqlatency run` asks with this seed; the warm-up takes the ones that follow them,
 * because some can be asked only once.
 */
export function* scriptFiles({ scenarios, timetable, seed, count }: Asked): Generator<readonly [string, string]> {
  const { ratePerSecond, durationNs, warmUpNs, virtualUsers } = timetable
  const [warmUpIterations, offered] = [iterations(ratePerSecond, warmUpNs), offeredIn(timetable)]
  yield ['probe.ts', readFileSync(SCRIPT, 'utf8')]
  for (const { id, work } of scenarios) {
    const source = questionSource(work, count, [seed, id, 0])
    const measured = source.block(offered)
    const bodies = [...source.block(warmUpIterations), ...measured].map((question) =>
      JSON.stringify({ scenario: id, question: argsToWire(question) }),
    )
    yield [`${id}${QUESTIONS}`, JSON.stringify(bodies)]
  }
  const plan = {
    scenarios: scenarios.map(({ id }) => id),
    ratePerSecond,
    warmUpIterations,
    iterations: offered,
    durationMs: Math.round((durationNs + warmUpNs) / 1e6),
    virtualUsers,
  }
  yield ['plan.json', `${JSON.stringify(plan, null, 1)}\n`]
}

/**
 * Writes what k6 needs into one folder without another in it, as a ConfigMap holds them. Questions of scenarios that an earlier
 * call wrote there are removed.
 * @returns the path of the script
 */
export function writeScript(
  directory: string,
  scenarios: readonly Scenario[],
  timetable: K6Timetable,
  { seed, count }: Pick<Asked, 'seed' | 'count'>,
): string {
  const written: string[] = []
  try {
    mkdirSync(directory, { recursive: true })
    for (const [name, text] of scriptFiles({ scenarios, timetable, seed, count })) {
      writeFileSync(join(directory, name), text)
      written.push(name)
    }
    removeOlder(directory, written, isQuestions)
  } catch (error) {
    if (error instanceof TypeError) throw error
    throw new SqlatencyError(
      'NOT_WRITABLE',
      `${directory} cannot be written to: ${messageOf(error)}.`,
      {},
      { cause: error },
    )
  }
  return join(directory, 'probe.ts')
}

const isQuestions = (name: string, read: () => string): boolean =>
  name.endsWith(QUESTIONS) &&
  read().startsWith(JSON.stringify([`{"scenario":"${name.slice(0, -QUESTIONS.length)}",`]).slice(0, -2))
