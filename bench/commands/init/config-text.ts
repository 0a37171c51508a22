/** The one scenario of the written configuration. */
export const EXAMPLE_ID = 'latest-purchases'

/** A configuration that runs as it is: plain JavaScript, so that it fits a `.ts` and an `.mjs` file alike. */
export const configText = (backends: readonly string[], why: string): string => `\
import { defineConfig, defineDataset, defineScenario, defineTable, single } from 'sqlatency'

// An example to replace: a table like one of yours, with an index and as many rows, and a query that your users wait for.
const purchase = defineTable({
  name: 'purchase',
  columns: { id: 'key', customer: 'integer', total_cents: 'integer', placed: 'integer' },
  indexes: [['customer', 'placed']],
  rows: 20_000,
  row: (key, random) => [key, random.integer(2000), 100 + random.integer(50_000), key],
})

const shop = defineDataset({ id: 'shop', title: 'Purchases of 2,000 customers', tables: [purchase] })

const latestPurchases = defineScenario({
  id: '${EXAMPLE_ID}',
  title: 'The ten latest purchases of a customer',
  why: 'An example: the first page of an account.',
  dataset: shop,
  kind: 'read',
  work: single('SELECT id, total_cents, placed FROM purchase WHERE customer = $1 ORDER BY placed DESC LIMIT 10', (draw) => [
    draw.integer(2000),
  ]),
})

export default defineConfig({
  // ${why} \`npx sqlatency list\` shows all backends and scenarios.
  run: [${backends.map((backend) => `'${backend}'`).join(', ')}],
  scenarios: [latestPurchases],
})
`
