import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect, test } from 'vitest'
import { inventedComparison } from '../../reports/testing/fixture.ts'
import { project, sqlatency } from '../testing/cli.ts'
import { runJsonSchema, runSchema } from './schema.ts'

const published = JSON.parse(readFileSync(new URL('../../reports/run.schema.json', import.meta.url), 'utf8')) as object
const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(published)

test('the published schema is the one in use (npm run schema)', () => {
  expect(published).toEqual(JSON.parse(JSON.stringify(runJsonSchema())))
})

test('a run is valid; one with a field too many, or a word for a number, is not', () => {
  const { run } = inventedComparison()
  validate(run)
  expect(validate.errors).toBeNull()
  expect(validate({ ...run, extra: 1 })).toBe(false)
  expect(validate({ ...run, seed: 'seven' })).toBe(false)
})

test('a run from before timelines and markers were kept is valid, and has neither', () => {
  const before = JSON.parse(
    JSON.stringify(inventedComparison().run, (key, value: unknown) =>
      key === 'timeline' || key === 'traces' ? undefined : value,
    ),
  ) as object
  validate(before)
  expect(validate.errors).toBeNull()
  const { cells, lag } = runSchema.parse(before)
  const [cell] = cells.filter((one) => one.outcome === 'measured')
  const [replica] = lag.filter((one) => one.outcome === 'measured')
  expect([cell!.estimates.timeline, replica!.traces, replica!.underLoad!.traces]).toEqual([null, null, null])
})

test('a run whose points have no interval yet is valid', () => {
  const { run } = inventedComparison()
  const before = JSON.parse(
    JSON.stringify(run.distance, (key, value: unknown) => (key === 'lowNs' || key === 'highNs' ? undefined : value)),
  ) as object
  validate({ ...run, distance: before })
  expect(validate.errors).toBeNull()
  const [law] = runSchema.parse({ ...run, distance: before }).distance!.laws.filter((one) => one.outcome === 'fitted')
  expect(law!.points[0]).toMatchObject({ lowNs: null, highNs: null })
})

test('--json prints a valid run and nothing else to stdout', async () => {
  const { code, stdout } = await sqlatency(project(), [
    'run',
    '--json',
    '--backend',
    'null,better-sqlite3',
    '--scenario',
    'point-read,update',
    '--scale',
    '0.01',
    '--rounds',
    '1',
    '--duration',
    '5ms',
    '--markers',
    '0',
  ])
  expect(code).toBe(0)
  validate(JSON.parse(stdout))
  expect(validate.errors).toBeNull()
})
