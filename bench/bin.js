#!/usr/bin/env node
// Plain JavaScript that any Node understands: better-sqlite3 dies without a word on a Node that is too old,
// so the version is checked before anything else is loaded.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const NEEDED = [24, 12]
const SOURCE = new URL('./cli.ts', import.meta.url)
const BUILT = new URL('../dist/bench/cli.js', import.meta.url)

const [major, minor] = process.versions.node.split('.').map(Number)

if (major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1])) {
  const { main } = await import((existsSync(SOURCE) ? SOURCE : BUILT).href)
  process.exitCode = await main(process.argv.slice(2))
} else {
  startWithOwnNode()
}

/** The Node that `npm ci` of this project brings. */
function startWithOwnNode() {
  const node = fileURLToPath(new URL('../node_modules/node/bin/node', import.meta.url))
  if (!existsSync(node)) {
    console.error(
      `sqlatency needs Node ${NEEDED.join('.')} or newer, this is ${process.versions.node}: install a newer Node and try again.`,
    )
    process.exitCode = 2
    return
  }
  const child = spawn(node, process.argv.slice(1), { stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1)
  })
}
