import { defineAdapter } from '../bench/contract/index.ts'
import type { Rows } from '../bench/contract/index.ts'

const NO_ROWS: Rows = []

/**
 * No database: every query returns at once. The simplest adapter, the zero line of every chart,
 * and what the harness itself costs. Its answers are empty, so it is not asked to agree with anyone.
 */
export default defineAdapter({
  id: 'null',
  title: 'Nothing (the harness alone)',
  dialect: 'sqlite',
  reach: 'in-process',
  traits: ['null'],
  defaults: {},
  provision: () => Promise.resolve({ address: null, distance: null, servers: [], external: false }),
  connect: () => ({
    mode: 'sync',
    prepare: () => () => NO_ROWS,
    batch: () => undefined,
    facts: () => ({ durability: 'undeclared', settings: {}, versions: {} }),
    close: () => undefined,
  }),
})
