import { expect, test } from 'vitest'
import { caveatNotes, letter } from './caveats.ts'
import { everyCaveat } from './testing/caveats.ts'
import { inventedComparison } from './testing/fixture.ts'
import { viewOf } from './view.ts'

const { run } = inventedComparison()
const names = { backend: (id: string) => `<${id}>`, scenario: (id: string) => `(${id})` }

test('letters go on after z', () => {
  expect([0, 1, 25, 26, 27, 51, 52, 701, 702].map(letter)).toEqual(['a', 'b', 'z', 'aa', 'ab', 'az', 'ba', 'zz', 'aaa'])
})

test('letters are given in the order of the caveats', () => {
  const notes = caveatNotes(everyCaveat(run), names)
  expect(notes.map((note) => note.id)).toEqual(everyCaveat(run).map((caveat) => caveat.id))
  expect(notes.map((note) => note.letter)).toEqual(notes.map((_, index) => letter(index)))
})

test.each(everyCaveat(run).map((caveat) => [caveat.id, caveat] as const))(
  '%s is a sentence with its numbers and names',
  (_, caveat) => {
    const [note] = caveatNotes([caveat], names)
    expect(note!.title).toMatch(/^[A-Z].*\.$/)
    expect(note!.text).toMatch(/^\S.*\.$/)
    expect(note!.text.length).toBeGreaterThan(60)
    expect(`${note!.title} ${note!.text}`).not.toMatch(/NaN|Infinity|undefined|null|\[object/)
    if ('backends' in caveat) for (const id of caveat.backends) expect(note!.text).toContain(`<${id}>`)
    if (caveat.id === 'ERRORS') expect(note!.text).toContain('17 operations')
    if (caveat.id === 'RTT_EMULATED') expect(note!.text).toContain('1.02 ms')
    if (caveat.id === 'NO_INTERVAL') expect(note!.text).toMatch(/3 rounds.*needs 6/)
  },
)

test('the caveat on distances says what the rules found, and where they found nothing that they did not', () => {
  const caveat = everyCaveat(run).find((one) => one.id === 'AT_DISTANCE')!
  if (caveat.id !== 'AT_DISTANCE') throw new Error('another caveat')
  const text = (changes: Partial<typeof caveat>) => caveatNotes([{ ...caveat, ...changes }], names)[0]!.text
  expect(text({})).toMatch(/measured through tun at 1 ms and 60 ms of round trip too; .* off by 8.3 % at most/)
  expect(text({})).toContain(
    '24 whose rounds’ medians differ by more than 5 % in process, or 10 % elsewhere (85 % at most',
  )
  expect(text({})).toMatch(/; 3 that .*; 5 whose .*; 2 on .*; 60 of 288 rounds .* more than 2 %.*; 17 operations/)
  const calm = { noisy: 0, contendedRounds: 0, unsteady: 0, drifting: 0, apart: 0, errors: 0 }
  expect(text(calm)).toMatch(/The 48 cells .* No rule finds fault with them\.$/)
  expect(text({ ...calm, drifting: 1 })).toMatch(/Among them: 1 whose later rounds[^;]*\.$/)
})

test('a letter stands beside the cells that its caveat concerns and beside no other', () => {
  const all = viewOf(inventedComparison())
  const simulator = all.notes.find((note) => note.id === 'D1_LOCAL')!
  for (const scenario of all.scenarios) {
    for (const backend of all.backends) {
      if (all.row(backend.id, scenario.id) === null) continue
      expect(all.letters(backend.id, scenario.id).includes(simulator.letter), `${backend.id} ${scenario.id}`).toBe(
        backend.id === 'd1',
      )
    }
  }
})

test('two caveats of one kind keep their own letters', () => {
  const all = viewOf(inventedComparison())
  const [near, far] = all.notes.filter((note) => note.id === 'RTT_EMULATED')
  expect(all.letters('postgres-1ms', 'insert')).toContain(near!.letter)
  expect(all.letters('postgres-1ms', 'insert')).not.toContain(far!.letter)
})

test('a caveat on the whole run has its letter in general, none is lost', () => {
  const all = viewOf(inventedComparison({ caveats: 'every' }))
  const beside = all.scenarios.flatMap((scenario) =>
    all.backends.flatMap((backend) => all.letters(backend.id, scenario.id)),
  )
  expect(new Set([...beside, ...all.general])).toEqual(new Set(all.notes.map((note) => note.letter)))
})
