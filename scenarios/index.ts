import type { Dataset, Scenario } from '../bench/contract/index.ts'
import authorPage from './author-page.ts'
import bulkInsert from './bulk-insert.ts'
import connectFirst from './connect-first.ts'
import { blog } from './datasets/blog.ts'
import { ledger } from './datasets/ledger.ts'
import firstHundred from './first-hundred.ts'
import insert from './insert.ts'
import jsonFilter from './json-filter.ts'
import latestPosts from './latest-posts.ts'
import nPlusOne from './n-plus-one.ts'
import pointRead from './point-read.ts'
import rangeRead from './range-read.ts'
import readMostly from './read-mostly.ts'
import transfer from './transfer.ts'
import update from './update.ts'
import upsert from './upsert.ts'

/** All built-in scenarios, in the order in which reports show them. */
export const scenarios: readonly Scenario[] = [
  pointRead,
  latestPosts,
  rangeRead,
  authorPage,
  jsonFilter,
  nPlusOne,
  insert,
  update,
  upsert,
  bulkInsert,
  transfer,
  readMostly,
  connectFirst,
  firstHundred,
]

export const datasets: readonly Dataset[] = [blog, ledger]
