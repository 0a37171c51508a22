import type { Comparison, FigureFile } from '../bench/contract/index.ts'
import type { Figure } from './figures/index.ts'
import { bytes, moment, plural } from './format.ts'
import { reports } from './index.ts'
import { escapeMarkdown, fenced } from './markdown-text.ts'
import { ranOn, reproduce } from './method.ts'
import { QUESTION } from './question.ts'
import { plain } from './sentence.ts'
import { verdict } from './verdict.ts'
import { viewOf } from './view.ts'

/** The only raster image: places that show a link take no SVG. */
const SOCIAL = 'figures/social.png'

/** A run of the gallery as files, by their paths in its folder. Raw samples are not among them. */
export type GalleryFiles = ReadonlyMap<string, string | Buffer>

/** The same comparison and figures give the same bytes. */
export function galleryFiles({ run, comparison, figures }: GalleryRun): GalleryFiles {
  const drawn = figures.filter(({ id, fileName }) => id === 'social' || fileName.endsWith('.svg'))
  const files = drawn.flatMap(({ id, title, fileName }): FigureFile[] =>
    id === 'social' ? [] : [{ id, title, png: `figures/${fileName}`, svg: null }],
  )
  return new Map<string, string | Buffer>([
    ['run.json', run],
    ...reports.map((report): [string, string] => [report.fileName, report.render(comparison, files)]),
    ...drawn.map(({ fileName, content }): [string, string | Buffer] => [`figures/${fileName}`, content]),
  ])
}

interface GalleryRun {
  /** The stored run as text. */
  readonly run: string
  readonly comparison: Comparison
  readonly figures: readonly Figure[]
}

export interface GalleryEntry {
  readonly name: string
  readonly comparison: Comparison
  readonly files: GalleryFiles
}

/** What is there, in a page that a repository shows by itself. */
export function galleryIndex(entries: readonly GalleryEntry[]): string {
  return `${[
    '# Gallery',
    'Reports of real runs, each with its data, so that you can draw another conclusion. Download a `report.html` and open it; it asks nothing of the network. Raw samples are left out, so `sqlatency export` of single operations needs a run of your own.',
    ...entries.flatMap(entryText),
    '## Make it again',
    'From nothing but the stored runs, to the byte (pictures to the eye):',
    fenced('npm run gallery'),
    'With a run of your own, under the name of its plan, or under any name:',
    fenced('npm run gallery -- results/latest\nnpm run gallery -- my-machine=results/latest'),
  ].join('\n\n')}\n`
}

function entryText({ name, comparison, files }: GalleryEntry): string[] {
  const view = viewOf(comparison)
  const { run } = view
  const [first] = verdict(view)
  const at = (file: string): string => `${name}/${file}`
  const size = [...files.values()].reduce((sum, content) => sum + Buffer.byteLength(content), 0)
  return [
    `## ${name}`,
    ...(files.has(SOCIAL) ? [`[![${QUESTION}](${at(SOCIAL)})](${at('report.md')})`] : []),
    ...(first === undefined ? [] : [escapeMarkdown(plain(first))]),
    [
      `${escapeMarkdown(moment(run.startedAt))}; ${escapeMarkdown(ranOn(run))}`,
      `plan ${escapeMarkdown(run.plan.name)} with ${plural(run.plan.rounds, 'round')}; run ${escapeMarkdown(run.id)}, status ${run.status}`,
      plural(view.notes.length, 'caveat applies', 'caveats apply'),
      `${[
        ['article', 'report.md'],
        ['page', 'report.html'],
        ['data', 'run.json'],
      ]
        .map(([what, file]) => `[${what}](${at(file!)})`)
        .join(', ')}: ${bytes(size)} with figures`,
    ]
      .map((line) => `- ${line}`)
      .join('\n'),
    fenced(reproduce(view).join('\n')),
  ]
}
