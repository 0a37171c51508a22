// Every cell of a run is measured, and lag where there is a replica.
import { readFileSync } from 'node:fs'

const run = JSON.parse(readFileSync(process.argv[2], 'utf8'))
const open = run.cells.filter((cell) => cell.outcome !== 'measured')
for (const cell of open) console.log(`${cell.outcome}: ${cell.backend} ${cell.scenario} ${cell.message ?? ''}`)
const databases = run.backends.filter((backend) => !backend.traits.includes('null'))
const seconds = (Date.parse(run.finishedAt) - Date.parse(run.startedAt)) / 1000
const measuring = (run.spentNs.measure + run.spentNs.lag) / 1e9 / seconds
console.log(
  `${databases.length} backends x ${run.scenarios.length} scenarios, ${run.cells.length - open.length} of ${run.cells.length} cells measured, ` +
    `${seconds.toFixed(0)} s, ${(measuring * 100).toFixed(0)} % of it measuring`,
)
const least = run.plan.name === 'default' ? [5, 12, 100] : [5, 5, 1]
const lag = run.lag.find((one) => one.outcome === 'measured')
if (open.length > 0 || databases.length < least[0] || run.scenarios.length < least[1] || (lag?.markers ?? 0) < least[2])
  process.exit(1)
