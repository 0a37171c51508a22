import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { shippedClaims as asTheyLie } from '../../reports/testing/claims.ts'
import { scenarios } from '../../scenarios/index.ts'
import { toSqlatencyError } from '../contract/index.ts'
import { builtInBackends } from '../plans/backends.ts'
import { claimsOf, shippedClaims } from './claims-file.ts'

const claim = {
  id: 'mine',
  text: 'an insert takes a blink',
  unit: 'ns',
  claimed: { high: 1e8 },
  measure: { kind: 'p50', scenario: 'insert', of: { reach: ['in-process'] } },
}
const file = (changes: object = {}) => ({ source: { title: 'A blog' }, claims: [{ ...claim, ...changes }] })

/** A folder with these files. */
function folderOf(files: Readonly<Record<string, unknown>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'claims-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  for (const [name, content] of Object.entries(files))
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content))
  return folder
}

const own = (folder: string, name = 'a.json') => claimsOf(join(folder, name), { path: null, claims: undefined })

test('the shipped claims are of the right form, and about scenarios and adapters that exist', () => {
  const claims = shippedClaims()
  expect(claims).toEqual(asTheyLie())
  const ids = scenarios.map(({ id }) => id)
  const adapters = new Set(Object.values(builtInBackends).map(({ adapter }) => adapter))
  for (const { measure } of claims) {
    const used = 'scenario' in measure ? [measure.scenario] : 'read' in measure ? [measure.read, measure.write] : []
    for (const one of used) expect(ids).toContain(one)
    const selectors = 'to' in measure ? [measure.of, measure.to] : [measure.of]
    for (const one of selectors.flatMap(({ adapters: named = [] }) => named)) expect(adapters).toContain(one)
  }
})

test('own claims stand beside the shipped ones, each with its source', () => {
  const folder = folderOf({ 'a.json': file(), 'b.json': file({ id: 'other' }) })
  const shipped = shippedClaims().length
  const given = claimsOf(`${join(folder, 'a.json')},${join(folder, 'b.json')}`, { path: null, claims: undefined })
  expect(given.slice(shipped)).toMatchObject([{ id: 'mine', source: { title: 'A blog' } }, { id: 'other' }])
  const config = { path: join(folder, 'sqlatency.config.ts'), claims: ['./b.json'] }
  expect(
    claimsOf(undefined, config)
      .slice(shipped)
      .map(({ id }) => id),
  ).toEqual(['other'])
  expect(
    claimsOf(join(folder, 'a.json'), config)
      .slice(shipped)
      .map(({ id }) => id),
  ).toEqual(['mine'])
})

test.each([
  ['no JSON', '{', /a\.json cannot be read as JSON: /],
  ['a list', [], /In .*a\.json, the file is wrong: /],
  ['no source', { claims: [] }, /source is wrong: /],
  ['an unknown key', { ...file(), more: 1 }, /the file is wrong: .*more/],
  ['an unknown measure', file({ measure: { kind: 'speed' } }), /claims\.0\.measure\.kind is wrong: /],
  ['an unknown condition', file({ measure: { ...claim.measure, of: { speed: 1 } } }), /measure\.of is wrong: .*speed/],
  ['a range without an end', file({ claimed: {} }), /claims\.0\.claimed is wrong: give low, high or both/],
  ['a range from high to low', file({ claimed: { low: 2, high: 1 } }), /claims\.0\.claimed is wrong: low must not be/],
  ['about without a factor', file({ claimed: { about: 20 } }), /claims\.0\.claimed/],
  ['the unit of another measure', file({ unit: 'ratio' }), /claims\.0\.unit is wrong: is in ns/],
  [
    'distances from far to near',
    file({ measure: { ...claim.measure, of: { rttMs: [9, 1] } } }),
    /rttMs is wrong: the first/,
  ],
  ['an id twice', { ...file(), claims: [claim, claim] }, /claims is wrong: has an id twice/],
  [
    'an address that runs',
    { ...file(), source: { title: 'x', url: 'javascript:alert(1)' } },
    /source\.url is wrong: must begin/,
  ],
])('%s is refused in one sentence, with a remedy', (_, content, message) => {
  const folder = folderOf({ 'a.json': content })
  const caught = (() => {
    try {
      return own(folder)
    } catch (error) {
      return toSqlatencyError(error)
    }
  })()
  expect(caught).toMatchObject({
    code: 'CLAIMS_INVALID',
    message: expect.stringMatching(message) as string,
    remedy: 'Correct the file; docs/claims.md shows its form.',
  })
})

test('a file that is not there is named', () => {
  expect(() => own(folderOf({}))).toThrow(/a\.json cannot be read as JSON: .*no such file/)
})
