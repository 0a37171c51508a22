import { expect, test } from 'vitest'
import { fromLsn, toLsn } from './lsn.ts'
import { covers, xmaxOf } from './snapshot.ts'

test.each([
  ['10:10:', '10:10:', true, 'the same moment'],
  ['12:12:', '10:10:', true, 'a later one'],
  ['10:10:', '12:12:', false, 'an earlier one'],
  ['10:13:10', '10:12:10', true, 'a later one, in which the same transaction is still in progress'],
  ['10:13:10', '12:12:', false, 'one in which a transaction is in progress that the other shows'],
  ['10:13:10,12', '11:12:', false, 'one of two in progress is shown by the other'],
  ['11:13:12', '10:12:10', true, 'in progress is only what the other had not begun'],
])('%s covers %s: %s (%s)', (here, there, expected) => expect(covers(here, there)).toBe(expected))

test('the number of a snapshot is that of the first transaction that had not begun', () => {
  expect(xmaxOf('10:13:10,12')).toBe(13)
})

test.each([
  ['0/0', 0],
  ['0/16B3748', 23_803_720],
  ['16/B374D848', 22 * 2 ** 32 + 0xb374d848],
  ['1/0', 2 ** 32],
])('%s is byte %d of the log', (lsn, bytes) => {
  expect(fromLsn(lsn)).toBe(bytes)
  expect(toLsn(bytes)).toBe(lsn)
})
