import { scenarios } from '../../../scenarios/index.ts'
import { createWorker } from '../worker.ts'
import { deployedTexts } from './texts.ts'

/** The deployed Worker: the built-in scenarios, wired. `wrangler deploy -c adapters/d1/deploy/wrangler.jsonc` takes it from here. */
export default createWorker(scenarios, { texts: () => deployedTexts(scenarios) })
