import { changePoints } from './analyze/change-points.ts'
import { HISTORY_RULES } from './analyze/history.ts'
import { normal } from './analyze/testing/noise.ts'
import { seededRandom } from './contract/index.ts'

/** How often does a series without a change have a change point, and how often is a real one found? */
const SERIES = 1000

function made(seed: number, length: number, rho: number, at: number, step: number): number[] {
  const random = seededRandom('history bench', seed, length)
  let noise = normal(random)
  return Array.from({ length }, (_, n) => {
    noise = rho * noise + Math.sqrt(1 - rho * rho) * normal(random)
    return noise + (n >= at ? step : 0)
  })
}

function share(length: number, rho: number, at = length, step = 0): string {
  let found = 0
  for (let seed = 0; seed < SERIES; seed += 1) {
    const points = changePoints(made(seed, length, rho, at, step), HISTORY_RULES, seededRandom(seed))
    if (step === 0 ? points.length > 0 : points.some((point) => Math.abs(point - at) <= 1)) found += 1
  }
  return `${((found / SERIES) * 100).toFixed(1)} %`.padStart(8)
}

process.stdout.write('no change: series with a change point, by the correlation of neighbours\n')
process.stdout.write('runs       0      0.3      0.5\n')
for (const length of [20, 30, 60])
  process.stdout.write(`${String(length).padEnd(4)}${[0, 0.3, 0.5].map((rho) => share(length, rho)).join(' ')}\n`)
process.stdout.write('a step half-way: found within one run of its place, by its size in standard deviations\n')
process.stdout.write('runs       2        3        4\n')
for (const length of [12, 20, 30, 60])
  process.stdout.write(
    `${String(length).padEnd(4)}${[2, 3, 4].map((step) => share(length, 0, length / 2, step)).join(' ')}\n`,
  )
