import { fileURLToPath } from 'node:url'
import { buildSync } from 'esbuild'

/** What the page runs, each in one piece without network access. */
export interface ClientScripts {
  /** Unpacks the data and the other script, and starts it. */
  readonly loader: string
  /** With the parts of Chart.js that it uses. */
  readonly main: string
}

let cached: ClientScripts | null = null

/** Built at the first render and kept: they depend on nothing but the installed packages. */
export function clientScripts(): ClientScripts {
  return (cached ??= { loader: build('loader'), main: build('main') })
}

function build(name: keyof ClientScripts): string {
  // Source runs as .ts, the published package as .js.
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  const { outputFiles } = buildSync({
    entryPoints: [fileURLToPath(new URL(`./client/${name}.${extension}`, import.meta.url))],
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    charset: 'utf8',
    // The licence of Chart.js asks for its notice.
    legalComments: 'eof',
    logLevel: 'silent',
    tsconfigRaw: '{}',
  })
  return outputFiles[0]!.text.replaceAll('<!--', String.raw`<\!--`)
}
