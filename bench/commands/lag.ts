import { defineCommand } from 'citty'
import { choiceFlags, outputFlags } from './common.ts'
import { checkFlags } from './flags.ts'
import { execute } from './run.ts'
import { settle } from './settings.ts'

const { config, backend, markers, seed, region, claims, output } = choiceFlags
const args = {
  config,
  backend,
  markers,
  'write-rate': choiceFlags['write-rate'],
  seed,
  region,
  claims,
  output,
  ...outputFlags,
} as const

export default defineCommand({
  meta: { name: 'lag', description: 'Measure replication lag alone: at rest, then under a load of writes' },
  args,
  async run({ args: flags, rawArgs }) {
    checkFlags(rawArgs, args)
    const settings = await settle({ ...flags, plan: 'replicas', distances: '0' })
    const replicated =
      flags.backend === undefined
        ? settings.backends.filter((one) => one.adapter.replication !== undefined)
        : settings.backends
    await execute(
      { ...settings, backends: replicated, scenarios: [], plan: { ...settings.plan, name: 'lag', rounds: 0 } },
      { json: flags.json, quiet: flags.quiet, pin: true, timeout: '60s', resume: null },
    )
  },
})
