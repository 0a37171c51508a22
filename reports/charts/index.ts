import type { Draw } from './drawing.ts'
import { ladder } from './ladder.ts'
import { stale } from './stale.ts'
import { tail } from './tail.ts'
import { trend } from './trend.ts'

/** Every chart by the name of its canvas. */
export const charts: Readonly<Record<string, Draw>> = { ladder, tail, stale, trend }
