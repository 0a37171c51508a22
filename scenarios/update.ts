import { defineScenario, single } from '../bench/contract/index.ts'
import { blog, postStats } from './datasets/blog.ts'

export default defineScenario({
  id: 'update',
  title: 'Update one row by key',
  why: 'A counter: no new row, no index to maintain, one commit.',
  dataset: blog,
  kind: 'write',
  check: 'SELECT count(*) AS n, sum(views) AS views, sum(views * id) AS weighted FROM post_stats',
  work: single('UPDATE post_stats SET views = views + $1 WHERE id = $2', (draw) => [
    1 + draw.integer(9),
    draw.key(postStats),
  ]),
})
