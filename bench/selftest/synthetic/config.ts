import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineAdapter, defineConfig, defineDataset, defineScenario, single } from '../../contract/index.ts'
import type { Options, Session } from '../../contract/index.ts'
import { openSynthetic, TIMED } from './backend.ts'
import { Ledger } from './ledger.ts'
import type { ReplicaAddress } from './replica.ts'
import { replicaReader, replicaWriter } from './replica.ts'
import type { Shape } from './shapes.ts'
import { shaped } from './shapes.ts'

/**
 * A configuration like that of a user, so that fresh processes and threads find the synthetic backend in the way
 * in which they find any other. It is not in the list of built-in ones: nobody should measure it by mistake.
 */
export const CONFIG_PATH = fileURLToPath(import.meta.url)

interface Chosen extends Options {
  readonly mode: Session['mode']
  readonly shape: Shape
  readonly seed: number
  readonly capacity: number
  /** Where each session leaves its ledger. */
  readonly ledgers: string
}

/** A session is opened by what was chosen; the two ends of a replica by the memory that they share. */
type Address = { readonly chosen: Chosen } | { readonly replica: ReplicaAddress }

export const synthetic = defineAdapter<Chosen, Address>({
  id: 'synthetic',
  title: 'A backend of known latency',
  dialect: 'sqlite',
  reach: 'in-process',
  defaults: { mode: 'sync', shape: 'lognormal', seed: 1, capacity: 100_000, ledgers: '' },
  provision: (options) =>
    Promise.resolve({ address: { chosen: options }, distance: null, servers: [], external: false }),
  connect(address) {
    if (!('chosen' in address)) throw new TypeError('a replica has no sessions')
    const { mode, shape, seed, capacity, ledgers } = address.chosen
    const file = join(ledgers, ledgerName(Date.now()))
    const intended = shaped(shape, capacity, seed, 1)
    return openSynthetic(mode, intended, (ledger) => writeFileSync(file, ledger.bytes())).session
  },
  replication: {
    mechanism: 'known delay',
    positionUnit: null,
    expectedLagNs: 1e6,
    writer: (address) => replicaWriter(replicaOf(address)),
    reader: (address) => replicaReader(replicaOf(address)),
  },
})

function replicaOf(address: Address): ReplicaAddress {
  if (!('replica' in address)) throw new TypeError('only its memory makes a replica')
  return address.replica
}

const ENDING = '.ledger'

/** By the time of day at which the session was opened: that is how a round's ledger is found. */
const ledgerName = (openedAt: number): string => `${openedAt}-${process.pid}${ENDING}`

/** The ledger of the first session that was opened at or after a time of day. */
export function ledgerSince(directory: string, startedAt: string): Ledger | null {
  const since = Date.parse(startedAt)
  const [first] = readdirSync(directory)
    .filter((name) => name.endsWith(ENDING) && Number.parseInt(name, 10) >= since)
    .toSorted()
  return first === undefined ? null : Ledger.read(join(directory, first))
}

const nothing = defineDataset({ id: 'nothing', title: 'No tables', tables: [] })

export const known = defineScenario({
  id: 'known',
  title: 'An operation of known latency',
  why: 'What is known beforehand can be held against what is measured.',
  dataset: nothing,
  kind: 'read',
  work: single(TIMED),
})

export default defineConfig({ adapters: [synthetic as never], scenarios: [known] })
