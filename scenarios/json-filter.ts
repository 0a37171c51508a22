import { defineScenario, single } from '../bench/contract/index.ts'
import { blog, middleDate, POST_GAP_SECONDS } from './datasets/blog.ts'

const POSTS_IN_WINDOW = 200

export default defineScenario({
  id: 'json-filter',
  title: 'Filter on a JSON property',
  why: 'Half-structured columns are everywhere; of a window of 200 documents SQLite opens some 120 in order of date and has its 20 answers, PostgreSQL 18 opens all and sorts.',
  dataset: blog,
  kind: 'read',
  work: single(
    {
      sqlite:
        "SELECT id, title FROM post WHERE date >= $1 AND date < $2 AND json_extract(meta, '$.lang') = 'de' ORDER BY date LIMIT 20",
      postgres:
        "SELECT id, title FROM post WHERE date >= $1 AND date < $2 AND meta->>'lang' = 'de' ORDER BY date LIMIT 20",
    },
    (draw) => {
      const from = middleDate(draw)
      return [from, from + POSTS_IN_WINDOW * POST_GAP_SECONDS]
    },
  ),
})
