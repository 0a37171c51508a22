import { defineScenario, single } from '../bench/contract/index.ts'
import { blog, postStats } from './datasets/blog.ts'

export default defineScenario({
  id: 'upsert',
  title: 'Insert or update',
  why: 'Half of the keys are new and half exist: the write of every counter and cache.',
  dataset: blog,
  kind: 'write',
  grows: [postStats],
  check:
    'SELECT count(*) AS n, sum(views) AS views, sum(views * id) AS weighted, max(updated) AS updated FROM post_stats',
  work: single(
    'INSERT INTO post_stats (id, views, updated) VALUES ($1, $2, $3) ' +
      'ON CONFLICT (id) DO UPDATE SET views = post_stats.views + excluded.views, updated = excluded.updated',
    (draw) => [
      draw.real() < 0.5 ? draw.key(postStats) : draw.fresh(postStats),
      1 + draw.integer(9),
      1_700_000_000 + draw.integer(10_000_000),
    ],
  ),
})
