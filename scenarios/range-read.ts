import { defineScenario, single } from '../bench/contract/index.ts'
import { blog, middleDate } from './datasets/blog.ts'

export default defineScenario({
  id: 'range-read',
  title: 'Fifty rows by index',
  why: 'An archive page or a feed: what does each further row cost?',
  dataset: blog,
  kind: 'read',
  work: single('SELECT id, title, date FROM post WHERE date >= $1 ORDER BY date LIMIT 50', (draw) => [
    middleDate(draw),
  ]),
})
