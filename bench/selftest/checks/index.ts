import type { Check } from '../check.ts'
import { clockCheck } from './clock.ts'
import { closedLoopCheck } from './closed-loop.ts'
import { distanceCheck } from './distance.ts'
import { gateCheck } from './gate.ts'
import { lagCheck } from './lag.ts'
import { openLoopCheck } from './open-loop.ts'
import { openPipelineCheck } from './open-pipeline.ts'
import { overloadCheck } from './overload.ts'
import { pipelineCheck } from './pipeline.ts'
import { ranksCheck } from './ranks.ts'
import { samplesCheck } from './samples.ts'

/** In the order in which a figure comes about. */
export const checks: readonly Check[] = [
  clockCheck,
  closedLoopCheck,
  openLoopCheck,
  overloadCheck,
  ranksCheck,
  samplesCheck,
  lagCheck,
  distanceCheck,
  gateCheck,
  pipelineCheck,
  openPipelineCheck,
]
