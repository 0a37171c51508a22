import type { Random } from '../../contract/index.ts'

export const normal = (random: Random): number =>
  Math.sqrt(-2 * Math.log(1 - random.real())) * Math.cos(2 * Math.PI * random.real())

/**
 * Log-ratios of pairs whose true change is `effect`: every round has a lognormal effect of its own, and one in twenty
 * meets a stall that doubles its noise upwards, as on a shared machine.
 */
export function lognormalRounds(random: Random, pairs: number, effect: number, sd: number, stalls = 0.05): number[] {
  const round = (): number => {
    const noise = normal(random) * (sd / Math.SQRT2)
    return random.real() < stalls ? Math.abs(noise) * 5 : noise
  }
  return Array.from({ length: pairs }, () => Math.log1p(effect) + round() - round())
}
