import { distribution } from './distribution.ts'
import type { Draw } from './drawing.ts'
import { distance } from './distance.ts'
import { ladder } from './ladder.ts'
import { lagCdf } from './lag-cdf.ts'
import { lagTimeline } from './lag-timeline.ts'
import { load } from './load.ts'
import { overTime } from './over-time.ts'
import { pageCost } from './page-cost.ts'
import { stale } from './stale.ts'
import { tail } from './tail.ts'
import { trend } from './trend.ts'

/** Every chart by the name of its canvas. */
export const charts: Readonly<Record<string, Draw>> = {
  ladder,
  page: pageCost,
  tail,
  distribution,
  distance,
  load,
  'over-time': overTime,
  stale,
  'lag-timeline': lagTimeline,
  'lag-cdf': lagCdf,
  trend,
}
