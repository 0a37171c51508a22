import { defineDataset, defineTable } from '../../bench/contract/index.ts'

const OPENING_SECONDS = 1_577_836_800

export const account = defineTable({
  name: 'account',
  columns: { id: 'key', owner: 'text', balance: 'integer', updated: 'integer' },
  rows: 10_000,
  row: (key, random) => [key, random.words(2), 1_000_000 + random.integer(1_000_000), OPENING_SECONDS],
})

export const entry = defineTable({
  name: 'entry',
  columns: { id: 'key', from_id: 'integer', to_id: 'integer', amount: 'integer', at: 'integer' },
  indexes: [['from_id']],
  rows: 20_000,
  row: (key, random, count) => [
    key,
    1 + random.integer(count(account)),
    1 + random.integer(count(account)),
    1 + random.integer(500),
    OPENING_SECONDS + key,
  ],
})

export const ledger = defineDataset({
  id: 'ledger',
  title: 'Accounts and the entries between them, in cents',
  tables: [account, entry],
})
