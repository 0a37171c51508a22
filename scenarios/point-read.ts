import { defineScenario, single } from '../bench/contract/index.ts'
import { blog, post } from './datasets/blog.ts'

export const readPost = single('SELECT id, author_id, title, body FROM post WHERE id = $1', (draw) => [draw.key(post)])

export default defineScenario({
  id: 'point-read',
  title: 'One row by primary key',
  why: 'The commonest query of a read-heavy site, and the smallest unit of latency.',
  dataset: blog,
  kind: 'read',
  work: readPost,
})
