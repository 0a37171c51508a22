import { defineScenario, single } from '../bench/contract/index.ts'
import { blog } from './datasets/blog.ts'

export default defineScenario({
  id: 'latest-posts',
  title: 'The ten latest posts',
  why: 'A front page: ten rows, sorted, straight from an index.',
  dataset: blog,
  kind: 'read',
  work: single('SELECT title, slug FROM post WHERE published = 1 ORDER BY date DESC LIMIT 10'),
})
