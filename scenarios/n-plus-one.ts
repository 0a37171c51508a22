import { defineScenario, flow } from '../bench/contract/index.ts'
import { blog, middleDate } from './datasets/blog.ts'

export default defineScenario({
  id: 'n-plus-one',
  title: 'A page of 21 queries',
  why: 'What an ORM does when nobody looks: one query for the list and one more for each of its 20 rows.',
  dataset: blog,
  kind: 'read',
  work: flow(
    {
      page: 'SELECT id, author_id, title FROM post WHERE published = 1 AND date <= $1 ORDER BY date DESC LIMIT 20',
      author: 'SELECT name FROM author WHERE id = $1',
    },
    (draw) => [middleDate(draw)],
    function* (ask, [date]) {
      const posts = yield ask.page(date!)
      const page = []
      for (const { id, author_id, title } of posts) {
        const [author] = yield ask.author(author_id as number)
        page.push({ id, title, name: author?.name })
      }
      return page
    },
  ),
})
