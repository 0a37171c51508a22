import { defineScenario, single } from '../bench/contract/index.ts'
import { author, blog } from './datasets/blog.ts'

export default defineScenario({
  id: 'author-page',
  title: 'Join of three tables, grouped',
  why: 'Joins are said to be cheap where all I/O is local; a server has a better planner.',
  dataset: blog,
  kind: 'read',
  work: single(
    'SELECT p.id, p.title, a.name, count(c.id) AS comments FROM author a ' +
      'JOIN post p ON p.author_id = a.id LEFT JOIN comment c ON c.post_id = p.id ' +
      'WHERE a.id = $1 GROUP BY p.id, p.title, a.name ORDER BY comments DESC, p.id LIMIT 10',
    (draw) => [draw.key(author)],
  ),
})
