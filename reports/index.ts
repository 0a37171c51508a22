import type { Report } from '../bench/contract/index.ts'
import { html } from './html/index.ts'
import { markdown } from './markdown.ts'

/** Every report that is written as a file beside the run. */
export const reports: readonly Report[] = [html, markdown]

export { html, markdown }
export { renderTerminal } from './terminal.ts'
export { renderCompareMarkdown } from './compare-markdown.ts'
export { renderCompareTerminal } from './compare-terminal.ts'
