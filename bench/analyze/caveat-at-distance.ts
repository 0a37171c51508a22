import type { Caveat, Distance, MeasuredCell, Run } from '../contract/index.ts'
import { isApart, isContended, isDrifting, isNoisy, LIMITS, NOISY_LIMITS } from './caveats.ts'
import { median } from './quantiles.ts'
import { steadyOf } from './steady.ts'

interface MovedCell {
  readonly cell: MeasuredCell
  readonly base: string
  readonly distance: Distance
}

/** The rules on cells, for those of backends that were moved away, as one caveat: a letter each would outnumber all others. */
export function caveatAtDistance(run: Run): Caveat[] {
  const all = movedCells(run)
  const [first, ...others] = all
  if (first === undefined) return []
  const cells = all.map(({ cell }) => cell)
  const rounds = cells.flatMap((cell) => cell.rounds)
  const count = (rule: (cell: MeasuredCell) => boolean): number => cells.filter(rule).length
  const distances = all.map(({ distance }) => distance)
  const noisiest = others.reduce((most, { cell }) => (spreadOf(cell) > spreadOf(most) ? cell : most), first.cell)
  return [
    {
      id: 'AT_DISTANCE',
      bases: [...new Set(all.map(({ base }) => base))],
      emulators: [...new Set(distances.map(({ emulator }) => emulator))],
      requestedRttsNs: [...new Set(distances.map(({ requestedRttNs }) => requestedRttNs))].toSorted((a, b) => a - b),
      rttOff: Math.max(...all.map(rttOff)),
      untrue: [...new Set(distances.flatMap(({ untrue }) => untrue))],
      measured: cells.length,
      rounds: rounds.length,
      noisy: count((cell) => isNoisy(run, cell)),
      noisiest: { backend: noisiest.backend, scenario: noisiest.scenario, spread: spreadOf(noisiest) },
      noisyLimits: NOISY_LIMITS,
      contendedRounds: rounds.filter(isContended).length,
      contendedLimit: LIMITS.runqueueShare,
      unsteady: count((cell) => steadyOf(cell.rounds) === false),
      drifting: count((cell) => isDrifting(run, cell)),
      apart: count((cell) => isApart(run, cell)),
      errors: cells.reduce((sum, cell) => sum + cell.estimates.errors, 0),
    },
  ]
}

function movedCells(run: Run): MovedCell[] {
  const moved = new Map(
    run.backends.flatMap(({ id, movedFrom, distance }) =>
      movedFrom === null || distance === null ? [] : [[id, { base: movedFrom, distance }] as const],
    ),
  )
  return run.cells.flatMap((cell) => {
    const from = moved.get(cell.backend)
    return from === undefined || cell.outcome !== 'measured' ? [] : [{ cell, ...from }]
  })
}

const spreadOf = ({ estimates }: MeasuredCell): number => estimates.roundSpread

/** By which part what is typical of the rounds' round trips is not what was asked for. */
function rttOff({ cell, distance: { requestedRttNs, measuredRttNs } }: MovedCell): number {
  const rttNs = median(cell.rounds.map((round) => round.rttNs ?? measuredRttNs))
  return Math.abs(rttNs / requestedRttNs - 1)
}
