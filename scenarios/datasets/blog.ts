import type { Draw } from '../../bench/contract/index.ts'
import { defineDataset, defineTable } from '../../bench/contract/index.ts'

/** 2020-01-01, in seconds. Posts are ten minutes apart, so no two share a date and every order is total. */
const FIRST_DATE = 1_577_836_800
const POST_GAP_SECONDS = 600

/** Scatters dates over keys, so that walking an index does not walk the table in order. */
const SCATTER = 7919

const LANGUAGES = ['en', 'en', 'en', 'de', 'fr', 'pl'] as const
const TAGS = ['edge', 'sql', 'release', 'howto', 'opinion', 'latency', 'storage', 'team'] as const

export const author = defineTable({
  name: 'author',
  columns: { id: 'key', name: 'text', bio: 'text', joined: 'integer' },
  rows: 1000,
  row: (key, random) => [key, `${random.words(2)} ${key}`, random.words(24), FIRST_DATE - random.integer(100_000_000)],
})

export const post = defineTable({
  name: 'post',
  columns: {
    id: 'key',
    author_id: 'integer',
    slug: 'text',
    title: 'text',
    body: 'text',
    date: 'integer',
    published: 'integer',
    rating: 'real',
    meta: 'json',
  },
  indexes: [['published', 'date'], ['author_id'], ['date']],
  rows: 10_000,
  row(key, random, count) {
    const title = random.words(6)
    return [
      key,
      1 + random.integer(count(author)),
      `${title.replaceAll(' ', '-')}-${key}`,
      title,
      random.words(180),
      FIRST_DATE + ((key * SCATTER) % count(post)) * POST_GAP_SECONDS,
      random.real() < 0.9 ? 1 : 0,
      (10 + random.integer(41)) / 10,
      JSON.stringify({
        lang: random.pick(LANGUAGES),
        tags: [random.pick(TAGS), random.pick(TAGS)],
        words: 180,
        source: { name: random.words(1), version: random.integer(9) },
      }),
    ]
  },
})

export const comment = defineTable({
  name: 'comment',
  columns: { id: 'key', post_id: 'integer', author: 'text', body: 'text', date: 'integer' },
  indexes: [['post_id']],
  rows: 30_000,
  row: (key, random, count) => [
    key,
    1 + random.integer(count(post)),
    random.words(2),
    random.words(14),
    FIRST_DATE + random.integer(count(post)) * POST_GAP_SECONDS,
  ],
})

/** Counters lie apart from posts, so that write rounds do not change the table that read rounds read. */
export const postStats = defineTable({
  name: 'post_stats',
  columns: { id: 'key', views: 'integer', updated: 'integer' },
  rows: 10_000,
  row: (key, random) => [key, random.integer(100_000), FIRST_DATE + key],
})

export const event = defineTable({
  name: 'event',
  columns: { id: 'key', post_id: 'integer', kind: 'text', at: 'integer' },
  indexes: [['post_id']],
  rows: 10_000,
  row: (key, random, count) => [key, 1 + random.integer(count(post)), random.pick(EVENT_KINDS), FIRST_DATE + key],
})

export const EVENT_KINDS = ['view', 'like', 'share', 'scroll'] as const

/** A date such that at least a quarter of all posts are older and a quarter are newer. */
export const middleDate = (draw: Draw): number =>
  FIRST_DATE + Math.floor(draw.count(post) * (0.25 + draw.real() * 0.5)) * POST_GAP_SECONDS

export { POST_GAP_SECONDS }

export const blog = defineDataset({
  id: 'blog',
  title: 'A blog with authors, posts of about 1 kB, comments and counters',
  tables: [author, post, comment, postStats, event],
})
