import { defineScenario } from '../bench/contract/index.ts'
import { blog } from './datasets/blog.ts'
import { readPost } from './point-read.ts'

export default defineScenario({
  id: 'connect-first',
  title: 'Connect and read one row',
  why: 'What the first request after a start waits for: a function that scales to zero pays it again and again.',
  dataset: blog,
  kind: 'read',
  start: 'connect',
  work: readPost,
})
