import { globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { expect, test } from 'vitest'

/** Who may import whom. The first room that matches a file is its own. `*` is everybody. */
const ROOMS: readonly (readonly [room: string, mayImport: readonly string[] | '*'])[] = [
  ['adapters/d1/deploy/', '*'],
  ['bench/contract/', []],
  ['bench/measure/', ['bench/contract/']],
  ['bench/analyze/', ['bench/contract/']],
  ['bench/run/', ['bench/contract/', 'bench/measure/', 'bench/analyze/']],
  ['bench/plans/', ['bench/contract/']],
  ['adapters/', ['bench/contract/']],
  ['scenarios/', ['bench/contract/']],
  ['reports/charts/', ['bench/contract/', 'reports/format.ts', 'reports/view.ts']],
  ['reports/', ['bench/contract/']],
  ['bench/', '*'],
]

const IMPORT = /(?:from|import)\s*\(?\s*'(\.[^']+)'/g

const files = globSync('{bench,adapters,scenarios,reports}/**/*.{ts,js}').filter(
  (file) => !/\.test\.ts$|\/testing\//.test(file),
)

const roomOf = (file: string) => ROOMS.find(([room]) => file.startsWith(room))!

test('there is something to look at', () => {
  expect(files.length).toBeGreaterThan(40)
  for (const [room] of ROOMS)
    expect(
      files.some((file) => roomOf(file)[0] === room),
      room,
    ).toBe(true)
})

test.each(files)('%s imports only what its layer may', (file) => {
  const [room, mayImport] = roomOf(file)
  for (const [, target] of readFileSync(file, 'utf8').matchAll(IMPORT)) {
    const path = normalize(join(dirname(file), target!))
    if (mayImport === '*' || path.startsWith(room)) continue
    expect(
      mayImport.some((allowed) => path.startsWith(allowed)),
      `${file} imports ${path}`,
    ).toBe(true)
  }
})
