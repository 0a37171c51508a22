import { defineScenario, single } from '../bench/contract/index.ts'
import { blog, comment, post } from './datasets/blog.ts'

export const insertComment = single(
  'INSERT INTO comment (id, post_id, author, body, date) VALUES ($1, $2, $3, $4, $5)',
  (draw) => [
    draw.fresh(comment),
    draw.key(post),
    draw.words(2),
    draw.words(14),
    1_700_000_000 + draw.integer(10_000_000),
  ],
)

export const checkComments =
  'SELECT id, post_id, author, body, date FROM comment WHERE id > (SELECT count(*) - 40 FROM comment) ORDER BY id'

export default defineScenario({
  id: 'insert',
  title: 'Insert one row',
  why: 'The smallest write: its price is the commit, so it means nothing without the durability class.',
  dataset: blog,
  kind: 'write',
  grows: [comment],
  check: checkComments,
  work: insertComment,
})
