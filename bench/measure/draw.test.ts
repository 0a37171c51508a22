import { expect, test } from 'vitest'
import { rowCount } from '../contract/index.ts'
import { scenarios } from '../../scenarios/index.ts'
import { questionSource } from './draw.ts'

const count = rowCount(0.1)

test.each(scenarios.map((scenario) => [scenario.id, scenario] as const))(
  '%s asks the same questions whatever the block sizes, and other ones in another round',
  (_, { work }) => {
    const whole = questionSource(work, count, [1, 'a', 0]).block(40)
    const source = questionSource(work, count, [1, 'a', 0])
    const parts = [...source.block(7), ...source.block(1), ...source.block(32)]
    expect(parts).toEqual(whole)
    if (work.shape === 'single' && whole[0]!.length === 0) return
    expect(questionSource(work, count, [1, 'a', 1]).block(40)).not.toEqual(whole)
  },
)

test.each(
  scenarios.filter((scenario) => scenario.grows !== undefined).map((scenario) => [scenario.id, scenario] as const),
)('%s says that its questions cannot be asked twice', (_, { work }) => {
  const source = questionSource(work, count, [1])
  expect(source.once).toBe(false)
  source.block(500)
  expect(source.once).toBe(true)
})
