import { duration } from '../../reports/format.ts'
import pointRead from '../../scenarios/point-read.ts'
import { median } from '../analyze/quantiles.ts'
import { rowCount } from '../contract/index.ts'
import { connectPrimary, provision, withSession } from '../run/backend.ts'
import { Workplace } from '../run/scope.ts'
import { seed } from '../run/seed.ts'
import { backendSpec } from './backends.ts'
import { SEED } from './budget.ts'
import type { Budget } from './budget.ts'
import type { Section } from './finding.ts'
import type { PostgresLoop } from './inside/postgres.ts'
import { atMost, more, summary } from './finding.ts'
import { inFreshProcess, placement, signal } from './fresh.ts'

const ABOVE = 1.03

/** What adapter and loop put around the driver: nearly nothing, or the driver would be blamed for it. */
export async function costAroundDriver(budget: Budget): Promise<Section> {
  await using place = new Workplace(signal)
  const address = await postgresWithData(place)
  const seen: Record<PostgresLoop, number>[] = []
  for (let repetition = 0; repetition < budget.postgresRepetitions; repetition += 1) {
    const { warmUpNs, postgresNs: durationNs } = budget
    seen.push(await inFreshProcess('postgres', { address, repetition, warmUpNs, durationNs }))
  }
  const p50 = (loop: PostgresLoop): string => duration(median(seen.map((one) => one[loop])))
  const against = (bare: PostgresLoop) => summary(seen.map((one) => one.ours / one[bare]))
  const [callback, promise] = [against('callback'), against('promise')]
  return {
    title: `Around the driver: Postgres point-read, server pinned to ${cpus(placement.serverCpus)} and client to ${cpus(placement.clientCpus)}; ${budget.postgresRepetitions} fresh processes, loops take turns in each; median and quartiles`,
    findings: [
      { what: 'bare loop over `await client.query(...)`, p50', figure: p50('promise') },
      { what: 'bare loop over the callback of `client.query`', figure: p50('callback') },
      atMost(promise.ratio, ABOVE, more, { what: 'our p50 against the first', range: promise.range }),
      atMost(callback.ratio, ABOVE, more, { what: 'our p50 against the second', range: callback.range }),
    ],
  }
}

async function postgresWithData(place: Workplace): Promise<unknown> {
  const count = rowCount(1)
  const { tables } = pointRead.dataset
  const backend = await backendSpec('postgres-local')
  const live = await provision(backend, place, placement, { scenarios: [pointRead], tables, modules: [], count })
  await withSession(connectPrimary(live), (session) =>
    seed(session, { tables, dialect: backend.adapter.dialect, seed: SEED, count, runId: 'self' }),
  )
  return live.provisioned.address
}

const cpus = (list: readonly number[] | null): string => (list === null ? 'no cpu' : `cpu ${list.join(', ')}`)
