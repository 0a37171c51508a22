import { defineScenario, mix } from '../bench/contract/index.ts'
import { blog, comment } from './datasets/blog.ts'
import { checkComments, insertComment } from './insert.ts'
import { readPost } from './point-read.ts'

export default defineScenario({
  id: 'read-mostly',
  title: '100 reads to 1 write',
  why: 'The mixture for which SQLite at the edge is recommended. Its median is that of a read, and its tail the write.',
  dataset: blog,
  kind: 'mixed',
  grows: [comment],
  check: checkComments,
  work: mix([100, readPost], [1, insertComment]),
})
