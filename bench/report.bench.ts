import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium } from 'playwright-core'
import { html } from '../reports/html/index.ts'
import { executablePath } from '../reports/testing/browser.ts'
import { inventedComparison } from '../reports/testing/fixture.ts'
import { compare } from './analyze/compare.ts'
import type { Cell, Run } from './contract/index.ts'
import { seededRandom } from './contract/index.ts'
import { loadFinished } from './commands/common.ts'
import { encodeSamples } from './measure/samples.ts'
import { Store } from './run/store.ts'

/** How large is a report, how long does it take to make, and how long until it can be read? */
const SHAPE = { backends: 10, scenarios: 14, gaps: false } as const
const SAMPLES = 10e6
const ROUNDS = 6
const folder = mkdtempSync(join(tmpdir(), 'sqlatency-report-'))

const say = (what: string, figure: string, target: string): void =>
  void process.stdout.write(`${what.padEnd(62)} ${figure.padStart(10)}   ${target}\n`)

function timed<Result>(work: () => Result): { result: Result; ms: number } {
  const start = performance.now()
  return { result: work(), ms: performance.now() - start }
}

/** The run with so many stored operations, and no estimate yet. */
function unestimated(store: Store, run: Run): Run {
  const each = Math.ceil(SAMPLES / run.cells.length / ROUNDS)
  const cells = run.cells.map((cell, c): Cell => {
    if (cell.outcome !== 'measured') return cell
    const rounds = cell.rounds.slice(0, ROUNDS).map((round, r) => {
      const random = seededRandom('report bench', c, r)
      const durations = Float64Array.from({ length: each }, () => Math.round(2000 * (1 + random.real() ** 4 * 20)))
      const samples = `samples-${c}-${r}.bin`
      store.write(samples, encodeSamples(durations))
      return { ...round, samples, operations: each }
    })
    return { backend: cell.backend, scenario: cell.scenario, load: cell.load, outcome: 'pending', rounds }
  })
  return { ...run, status: 'interrupted', distance: null, cells }
}

async function readyMs(page: string): Promise<number | null> {
  if (executablePath === null) return null
  const path = join(folder, 'report.html')
  writeFileSync(path, page)
  const args = process.getuid?.() === 0 ? ['--no-sandbox', '--disable-gpu'] : ['--disable-gpu']
  const browser = await chromium.launch({ executablePath, headless: true, args })
  try {
    const tab = await browser.newPage({ viewport: { width: 1280, height: 900 } })
    await tab.goto(pathToFileURL(path).href)
    await tab.waitForSelector('html[data-ready=yes]', { state: 'attached' })
    return await tab.evaluate(() => performance.now())
  } finally {
    await browser.close()
  }
}

try {
  const comparison = inventedComparison(SHAPE)
  html.render(inventedComparison())
  const plain = timed(() => html.render(comparison))
  say('10 backends x 14 scenarios: size', `${(Buffer.byteLength(plain.result) / 1e3).toFixed(0)} kB`, 'under 600 kB')
  say('  made from stored estimates', `${plain.ms.toFixed(0)} ms`, 'under 2 s')
  const ready = await readyMs(plain.result)
  say(
    '  ready in a browser, from the start of loading',
    ready === null ? 'no Chromium' : `${ready.toFixed(0)} ms`,
    'under 2 s',
  )
  const everything = timed(() =>
    html.render(inventedComparison({ ...SHAPE, earlier: true, loads: true, caveats: 'every' })),
  )
  say(
    'with loads, a history and every caveat: size',
    `${(Buffer.byteLength(everything.result) / 1e3).toFixed(0)} kB`,
    'under 1 MB',
  )

  const store = new Store(folder, 'large')
  store.save(unestimated(store, comparison.run))
  const raw = timed(() => html.render(compare(loadFinished(folder, 'large').run)))
  say(`made from ${SAMPLES / 1e6} million stored operations`, `${(raw.ms / 1e3).toFixed(1)} s`, 'under 15 s')
} finally {
  rmSync(folder, { recursive: true, force: true })
}
