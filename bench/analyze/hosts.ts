import type { MeasuredCell, Round, Run } from '../contract/index.ts'
import { hodgesLehmannLog } from './intervals.ts'

/** The rounds of a cell by the machine that measured them; one group for a run that was not merged. */
export function roundsByHost(run: Run, rounds: readonly Round[]): (readonly Round[])[] {
  if (run.sources.length === 0) return [rounds]
  return run.sources
    .map(({ repetitions }) =>
      rounds.filter(({ repetition }) => repetition >= repetitions.first && repetition < repetitions.end),
    )
    .filter((group) => group.length > 0)
}

/**
 * How many times the median of one machine is that of another whose interval it does not touch; 1 when all agree or
 * too little is known. Rounds of one machine resemble one another, so an interval from rounds of two machines that
 * differ describes these two and nothing else.
 */
export function hostsApart(run: Run, cell: MeasuredCell): number {
  const hosts = roundsByHost(run, cell.rounds).map((rounds) => reachOf(rounds.map(({ p50Ns }) => p50Ns)))
  const ratios = hosts.flatMap((a) => hosts.map((b) => (b.low > a.high ? b.middle / a.middle : 1)))
  return Math.max(1, ...ratios)
}

/**
 * Where the median of a machine may lie: its 95 % interval. Fewer than six rounds carry none; their range, widened by
 * itself at both ends, stands in, and one round alone may lie anywhere.
 */
function reachOf(medians: readonly number[]): { readonly middle: number; readonly low: number; readonly high: number } {
  const { estimate, low, high } = hodgesLehmannLog(medians)
  if (low !== null && high !== null) return { middle: estimate, low, high }
  if (medians.length < 2) return { middle: estimate, low: 0, high: Infinity }
  const [least, most] = [Math.min(...medians), Math.max(...medians)]
  return { middle: estimate, low: least ** 2 / most, high: most ** 2 / least }
}
