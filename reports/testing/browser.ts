/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { chromium } from 'playwright-core'
import { afterAll, beforeAll, describe } from 'vitest'
import type { Comparison } from '../../bench/contract/index.ts'
import { html } from '../html/index.ts'

/** A Chromium of this machine; the tests bring none. */
function findChromium(): string | null {
  const named = process.env['SQLATENCY_CHROMIUM']
  const folders = ['/usr/bin', ...(process.env['PATH'] ?? '').split(delimiter)]
  const names = ['chromium', 'chromium-browser', 'google-chrome']
  const candidates = [
    ...(named === undefined ? [] : [named]),
    ...folders.flatMap((folder) => names.map((name) => join(folder, name))),
  ]
  return candidates.find((path) => existsSync(path)) ?? null
}

export const executablePath = findChromium()

const ARGS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
]

interface OpenPage {
  readonly page: Page
  /** What it asked of the network, and what it said in the console, in errors and in dialogs. */
  readonly trouble: string[]
  close(): Promise<void>
}

interface PageOptions extends BrowserContextOptions {
  readonly hash?: string
}

/** A browser for the tests of one file, and a folder for the pages that it opens. */
export interface Pages {
  /** The page of a comparison, from a file. */
  open(comparison: Comparison, options?: PageOptions): Promise<OpenPage>
  /** Writes a file beside the pages. @returns its address */
  write(name: string, text: string): Promise<string>
}

/** Tests that need a browser. They are skipped, and say so, where none is found. */
export function inBrowser(what: string, tests: (pages: Pages) => void): void {
  const why = executablePath === null ? ' (skipped: no Chromium; set SQLATENCY_CHROMIUM)' : ''
  describe.skipIf(executablePath === null)(`${what}${why}`, { timeout: 60_000 }, () => {
    tests(pagesOfThisFile())
  })
}

function pagesOfThisFile(): Pages {
  let browser: Browser
  let folder: string
  const written = new Map<string, string>()

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sqlatency-page-'))
    browser = await chromium.launch({ executablePath: executablePath!, headless: true, args: ARGS })
  }, 60_000)

  afterAll(async () => {
    await browser?.close()
    await rm(folder, { recursive: true, force: true })
  })

  async function write(name: string, text: string): Promise<string> {
    const path = join(folder, name)
    await writeFile(path, text)
    return pathToFileURL(path).href
  }

  async function open(comparison: Comparison, { hash = '', ...wanted }: PageOptions = {}): Promise<OpenPage> {
    const text = html.render(comparison)
    const address = written.get(text) ?? (await write(`report-${written.size}.html`, text))
    written.set(text, address)
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...wanted })
    const page = await context.newPage()
    page.setDefaultTimeout(10_000)
    const trouble = await watch(page)
    await page.goto(address + hash)
    if (wanted.javaScriptEnabled !== false) await page.waitForSelector('html[data-ready=yes]', { state: 'attached' })
    return { page, trouble, close: () => context.close() }
  }

  return { open, write }
}

async function watch(page: Page): Promise<string[]> {
  const trouble: string[] = []
  await page.route('**', (route) => {
    const url = route.request().url()
    if (url.startsWith('file:')) return route.continue()
    trouble.push(`request to ${url}`)
    return route.abort()
  })
  page.on('console', (message) => trouble.push(`console: ${message.text()}`))
  page.on('pageerror', (error) => trouble.push(`error: ${error.message}`))
  page.on('dialog', (dialog) => {
    trouble.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  return trouble
}

/** Share of the pixels of each visible canvas that differ from its ground. */
export const painted = (page: Page): Promise<{ id: string; share: number }[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll('canvas')]
      .filter((canvas) => canvas.offsetParent !== null)
      .map((canvas) => {
        const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height)
        let inked = 0
        for (let at = 3; at < data.length; at += 4) if (data[at]! > 0) inked += 1
        return { id: canvas.id, share: inked / (data.length / 4) }
      }),
  )

/** CSS pixels by which the page is wider than its window. */
export const overflow = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
