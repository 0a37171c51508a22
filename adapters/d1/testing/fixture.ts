import type { Scenario } from '../../../bench/contract/index.ts'
import { batch, defineDataset, defineScenario, defineTable, flow, mix, single } from '../../../bench/contract/index.ts'

/** Every column type, and bytes from 0 to 255. */
export const item = defineTable({
  name: 'item',
  columns: { id: 'key', parent_id: 'integer', weight: 'real', label: 'text', meta: 'json', data: 'bytes' },
  indexes: [['parent_id']],
  rows: 40,
  row: (key) => [
    key,
    key === 1 ? null : Math.floor(key / 2),
    key / 4,
    `item ${key} "quoted" ü 😀`,
    JSON.stringify({ key }),
    Uint8Array.from({ length: key }, (_, n) => (key * 7 + n) % 256),
  ],
})

const dataset = defineDataset({ id: 'fixture', title: 'A small tree', tables: [item] })
const common = { title: 'For tests', why: 'Tests need one of each shape.', dataset } as const

const byKey = single('SELECT id, weight, label, data FROM item WHERE id = $1', (draw) => [draw.key(item)])
const rename = single('UPDATE item SET label = $1 WHERE id = $2', (draw) => [draw.words(2), draw.key(item)])
const check = 'SELECT id, label FROM item ORDER BY id'

export const scenarios: readonly Scenario[] = [
  defineScenario({ ...common, id: 'one-item', kind: 'read', work: byKey }),
  defineScenario({
    ...common,
    id: 'swap-labels',
    kind: 'write',
    check,
    work: batch([rename.statement, 'UPDATE item SET data = $1 WHERE id = $2'], (draw) => [
      [draw.words(2), draw.key(item)],
      [Uint8Array.of(1, 2, 3), draw.key(item)],
    ]),
  }),
  defineScenario({
    ...common,
    id: 'ancestors',
    kind: 'read',
    work: flow(
      { node: 'SELECT id, parent_id, data FROM item WHERE id = $1' },
      (draw) => [draw.key(item)],
      function* (ask, [key]) {
        const found = []
        for (let id: unknown = key; id !== null;) {
          const [row] = yield ask.node(id as number)
          if (row === undefined) break
          // A flow sees bytes as bytes, wherever it runs.
          if (!(row['data'] instanceof Uint8Array)) throw new TypeError('data should be bytes')
          found.push(row)
          id = row['parent_id']
        }
        return found
      },
    ),
  }),
  defineScenario({ ...common, id: 'mostly-reads', kind: 'mixed', check, work: mix([3, byKey], [1, rename]) }),
]
