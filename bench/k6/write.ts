import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { argsToWire } from '../../adapters/d1/values.ts'
import type { RowCount, Scenario } from '../contract/index.ts'
import { messageOf, SqlatencyError } from '../contract/index.ts'
import { questionSource } from '../measure/draw.ts'

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

/**
 * Writes the script, its plan, and the questions of each scenario as request bodies. Those after the warm-up are the first that a
 * first round of `sqlatency run` asks with this seed; the warm-up takes the ones that follow them, because some can be asked only once.
 * All lie in one folder without another in it, as a ConfigMap holds them.
 * @returns the path of the script
 */
export function writeScript(
  directory: string,
  scenarios: readonly Scenario[],
  timetable: K6Timetable,
  { seed, count }: { readonly seed: number; readonly count: RowCount },
): string {
  const { ratePerSecond, durationNs, warmUpNs, virtualUsers } = timetable
  const [warmUpIterations, offered] = [iterations(ratePerSecond, warmUpNs), offeredIn(timetable)]
  const script = join(directory, 'probe.ts')
  try {
    mkdirSync(directory, { recursive: true })
    copyFileSync(SCRIPT, script)
    for (const { id, work } of scenarios) {
      const source = questionSource(work, count, [seed, id, 0])
      const measured = source.block(offered)
      const bodies = [...source.block(warmUpIterations), ...measured].map((question) =>
        JSON.stringify({ scenario: id, question: argsToWire(question) }),
      )
      writeFileSync(join(directory, `${id}.questions.json`), JSON.stringify(bodies))
    }
    const plan = {
      scenarios: scenarios.map(({ id }) => id),
      ratePerSecond,
      warmUpIterations,
      iterations: offered,
      durationMs: Math.round((durationNs + warmUpNs) / 1e6),
      virtualUsers,
    }
    writeFileSync(join(directory, 'plan.json'), `${JSON.stringify(plan, null, 1)}\n`)
  } catch (error) {
    if (error instanceof TypeError) throw error
    throw new SqlatencyError(
      'NOT_WRITABLE',
      `${directory} cannot be written to: ${messageOf(error)}.`,
      {},
      { cause: error },
    )
  }
  return script
}
