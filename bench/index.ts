/** The public door: what a `sqlatency.config.ts`, an adapter or a scenario of your own imports. */
export {
  batch,
  defineAdapter,
  defineConfig,
  defineDataset,
  defineScenario,
  defineTable,
  flow,
  mix,
  single,
  SqlatencyError,
} from './contract/index.ts'
export type * from './contract/index.ts'
export { blog } from '../scenarios/datasets/blog.ts'
export { ledger } from '../scenarios/datasets/ledger.ts'
export { compare } from './analyze/compare.ts'
