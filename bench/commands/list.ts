import { defineCommand } from 'citty'
import { namedDistances } from '../contract/index.ts'
import { plans } from '../plans/index.ts'
import { listRuns, loadRun } from '../run/store.ts'
import { choiceFlags } from './common.ts'
import { checkFlags } from './flags.ts'
import { DEFAULT_OUTPUT, settle } from './settings.ts'

const args = {
  config: choiceFlags.config,
  output: choiceFlags.output,
  runs: { type: 'boolean', description: 'List stored runs instead' },
  json: { type: 'boolean', description: 'As JSON' },
} as const

export default defineCommand({
  meta: { name: 'list', description: 'Show plans, backends and scenarios, or stored runs' },
  args,
  async run({ args: flags, rawArgs }) {
    checkFlags(rawArgs, args)
    if (flags.runs === true) {
      showRuns(flags.output ?? DEFAULT_OUTPUT, flags.json === true)
      return
    }
    const { catalogue, known } = await settle({ config: flags.config })
    const backends = await Promise.all(
      Object.entries(known).map(async ([id, config]) => {
        const adapter = await catalogue.adapter(config.adapter)
        return {
          id,
          title: config.title ?? adapter?.title ?? '',
          adapter: config.adapter,
          options: adapter?.defaults ?? {},
        }
      }),
    )
    const scenarios = catalogue.scenarios.map(({ id, title, why, kind, dataset }) => ({
      id,
      title,
      why,
      kind,
      dataset: dataset.id,
    }))
    const named = Object.values(plans).map(({ plan, title }) => ({ id: plan.name, title }))
    const distances = Object.entries(namedDistances).map(([id, distance]) => ({ id, ...distance }))
    if (flags.json === true) {
      process.stdout.write(`${JSON.stringify({ plans: named, backends, scenarios, distances }, null, 1)}\n`)
      return
    }
    const idWidth = Math.max(...backends.map(({ id }) => id.length))
    const titleWidth = Math.max(...backends.map(({ title }) => title.length))
    const lines = [
      'Plans (--plan)',
      ...named.map(({ id, title }) => `  ${id.padEnd(16)} ${title}`),
      '',
      'Backends (--backend)',
      ...backends.map(({ id, title, adapter, options }) => {
        const names = Object.keys(options).join(', ')
        return `  ${id.padEnd(idWidth)} ${title.padEnd(titleWidth)} adapter ${adapter}${names === '' ? '' : `; options ${names}`}`
      }),
      '',
      'Scenarios (--scenario)',
      ...scenarios.map(({ id, title, kind, dataset }) => `  ${id.padEnd(16)} ${title.padEnd(32)} ${kind}, ${dataset}`),
      '',
      'Distances (--distances), in docs/distance.md with their sources',
      ...distances.map(({ id, rttMs, title }) => `  ${id.padEnd(16)} ${`${rttMs} ms`.padEnd(8)} ${title}`),
      '',
    ]
    process.stdout.write(lines.join('\n'))
  },
})

function showRuns(output: string, json: boolean): void {
  const runs = listRuns(output).map((id) => {
    const { run } = loadRun(output, id)
    const measured = run.cells.filter((cell) => cell.outcome === 'measured').length
    return {
      id,
      plan: run.plan.name,
      status: run.status,
      measured,
      cells: run.cells.length,
      backends: run.backends.map((backend) => backend.id),
    }
  })
  if (json) {
    process.stdout.write(`${JSON.stringify(runs, null, 1)}\n`)
    return
  }
  if (runs.length === 0) process.stdout.write(`No runs in ${output}.\n`)
  for (const { id, plan, status, measured, cells, backends } of runs) {
    process.stdout.write(
      `${id}  ${plan.padEnd(8)} ${status.padEnd(11)} ${measured} of ${cells} cells  ${backends.join(', ')}\n`,
    )
  }
}
