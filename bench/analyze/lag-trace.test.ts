import { expect, test } from 'vitest'
import { bracketOf } from './lag.ts'
import { traceOf } from './lag-trace.ts'

const markers = [
  { writeStartNs: 0, writeAckNs: 100, lastMissStartNs: 400, firstSightEndNs: 900 },
  { writeStartNs: 0, writeAckNs: 100, lastMissStartNs: null, firstSightEndNs: 700 },
  { writeStartNs: 0, writeAckNs: 100, lastMissStartNs: 50, firstSightEndNs: 80 },
  { writeStartNs: 0, writeAckNs: 100, lastMissStartNs: 9000, firstSightEndNs: null },
  { writeStartNs: 0, writeAckNs: 100, lastMissStartNs: null, firstSightEndNs: null },
]

test('a trace has the brackets of the estimates, and says which end is not known', () => {
  const trace = traceOf([5000, 6000, 7000, 8000, 9000], markers)
  expect(trace).toEqual({
    sentNs: [0, 1000, 2000, 3000, 4000],
    lowerNs: [300, null, 0, 8900, null],
    upperNs: [800, 600, 0, null, null],
  })
  expect(bracketOf(markers[0]!)!.ackToVisible).toMatchObject({ lowerNs: 300, upperNs: 800 })
})

test('no marker, no point', () => {
  expect(traceOf([], [])).toEqual({ sentNs: [], lowerNs: [], upperNs: [] })
})
