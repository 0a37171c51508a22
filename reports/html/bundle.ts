import { fileURLToPath } from 'node:url'
import { buildSync } from 'esbuild'

let cached: string | null = null

/**
 * The page's script with the parts of Chart.js that it uses, in one piece without network access.
 * Built at the first render and kept: it depends on nothing but the installed packages.
 */
export function clientScript(): string {
  return (cached ??= build())
}

function build(): string {
  // Source runs as .ts, the published package as .js.
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  const { outputFiles } = buildSync({
    entryPoints: [fileURLToPath(new URL(`./client/entry.${extension}`, import.meta.url))],
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
