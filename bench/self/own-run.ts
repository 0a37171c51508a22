import type { RunRequest } from '../run/context.ts'
import { SEED } from './budget.ts'
import { signal } from './fresh.ts'

/** What the runs of this benchmark have in common: the harness itself, pinned, and no configuration of anybody. */
export const OWN_RUN = {
  seed: SEED,
  region: null,
  scenarioModules: [],
  configPath: null,
  pin: true,
  version: '0',
  commit: null,
  project: null,
  resume: null,
  signal,
  roundTimeoutMs: 60_000,
} as const satisfies Partial<RunRequest>
