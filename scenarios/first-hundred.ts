import { defineScenario } from '../bench/contract/index.ts'
import { blog } from './datasets/blog.ts'
import { readPost } from './point-read.ts'

export default defineScenario({
  id: 'first-hundred',
  title: 'The first 100 reads of a process',
  why: 'Code is not compiled yet and the driver meets each thing for the first time; short processes never get beyond.',
  dataset: blog,
  kind: 'read',
  start: 'cold',
  work: readPost,
})
