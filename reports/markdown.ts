import type { FigureFile, Report } from '../bench/contract/index.ts'
import { baselineMarkdown } from './markdown/baseline.ts'
import { claimsMarkdown } from './markdown/claims.ts'
import { caveats, commands, methodList } from './markdown/closing.ts'
import { distance } from './markdown/distance.ts'
import { Figures } from './markdown/figures.ts'
import { k6 } from './markdown/k6.ts'
import { lag } from './markdown/lag.ts'
import { matrix } from './markdown/matrix.ts'
import { answer, ground } from './markdown/opening.ts'
import { pageCost } from './markdown/page-cost.ts'
import { rankings } from './markdown/rankings.ts'
import { underLoad } from './markdown/under-load.ts'
import { QUESTION } from './question.ts'
import { K6_TITLE } from './k6.ts'
import type { View } from './view.ts'
import { viewOf } from './view.ts'

/** The draft of an article, or something for an issue or a README: GitHub-flavoured, every name escaped. */
export const markdown: Report = {
  id: 'markdown',
  fileName: 'report.md',
  render: (comparison, figures) => renderMarkdown(viewOf(comparison), figures),
}

export function renderMarkdown(view: View, files: readonly FigureFile[] = []): string {
  const figures = new Figures(files)
  return (
    [
      `# ${QUESTION}`,
      answer(view),
      ...figures.take('ladder'),
      ground(view),
      '## All scenarios',
      ...figures.take('matrix'),
      ...matrix(view),
      '## Rankings',
      ...rankings(view),
      ...part('## What does a page cost?', [...figures.take('page'), ...pageCost(view)]),
      ...part('## The tail', figures.take('tail', 'distribution')),
      ...part('## Distance', [...figures.take('distance'), ...distance(view)]),
      ...part('## Under load', [...figures.take('load'), ...underLoad(view)]),
      '## Replication lag',
      ...figures.take('stale', 'lag-timeline', 'lag-cdf'),
      ...lag(view),
      ...part(`## ${K6_TITLE}`, k6(view)),
      ...baselineMarkdown(view),
      ...figures.take('trend'),
      ...claimsMarkdown(view),
      ...part('## More figures', figures.rest()),
      '## Caveats',
      caveats(view),
      '## Method and environment',
      methodList(view),
      '## Reproduce',
      commands(view),
    ].join('\n\n') + '\n'
  )
}

/** A section that is left out with its heading when there is nothing to say. */
const part = (heading: string, texts: readonly string[]): string[] => (texts.length === 0 ? [] : [heading, ...texts])
