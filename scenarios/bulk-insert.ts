import { batch, defineScenario } from '../bench/contract/index.ts'
import { blog, event, EVENT_KINDS, post } from './datasets/blog.ts'

/** 25 rows of 4 columns fill the 100 parameters that D1 takes a statement; four statements make 100 rows. */
const ROWS_PER_STATEMENT = 25
const STATEMENTS = 4

const tuples = Array.from(
  { length: ROWS_PER_STATEMENT },
  (_, row) => `(${[1, 2, 3, 4].map((n) => `$${row * 4 + n}`).join(', ')})`,
)
const text = `INSERT INTO event (id, post_id, kind, at) VALUES ${tuples.join(', ')}`

export default defineScenario({
  id: 'bulk-insert',
  title: 'Insert 100 rows in one commit',
  why: 'Imports and queues: what is left of the price of a write when the commit is shared?',
  dataset: blog,
  kind: 'write',
  grows: [event],
  check:
    'SELECT count(*) AS n, sum(id) AS ids, sum(post_id) AS posts, sum(at) AS at, count(DISTINCT kind) AS kinds FROM event',
  work: batch(
    Array.from({ length: STATEMENTS }, () => text),
    (draw) =>
      Array.from({ length: STATEMENTS }, () =>
        Array.from({ length: ROWS_PER_STATEMENT }, () => [
          draw.fresh(event),
          draw.key(post),
          draw.pick(EVENT_KINDS),
          1_700_000_000 + draw.integer(10_000_000),
        ]).flat(),
      ),
  ),
})
