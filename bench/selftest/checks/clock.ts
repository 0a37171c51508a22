import { now } from '../../measure/clock.ts'
import type { Check } from '../check.ts'
import type { Row } from '../row.ts'
import { between, exactly } from '../row.ts'
import { record } from './closed-loop.ts'

const READINGS = 200_000
/** Coarser, and a point read in process would be a handful of steps. */
const RESOLUTION_NS = 1000
const OPERATIONS = 20_000
/** Short operations, of which the loop takes many between two of its pauses. */
const SCALE = 0.1
/** Long enough that a nanosecond an operation shows, short against the loop's own pauses. */
const WINDOW = 32
/** Share of windows without a pause of the loop in them. Nearly all; a busy machine makes the loop pause more often. */
const WHOLE_WINDOWS = 0.1

/** One clock, that never goes back; what reading it takes is part of every latency, and taken off none. */
export const clockCheck: Check = {
  id: 'clock',
  title: 'The clock',
  async run() {
    return [...steps(), otherClock(), ...(await nothingSubtracted())]
  },
}

function steps(): Row[] {
  let [backwards, smallest] = [0, Infinity]
  let last = now()
  for (let n = 0; n < READINGS; n += 1) {
    const reading = now()
    const step = Number(reading - last)
    if (step < 0) backwards += 1
    if (step > 0 && step < smallest) smallest = step
    last = reading
  }
  return [exactly('steps back', 0, backwards), between('smallest step', 'ns', 1, smallest, [1, RESOLUTION_NS])]
}

/** The same time by another clock of Node: read outside of ours on both sides, it cannot have seen less. */
function otherClock(): Row {
  const outerStart = performance.now()
  const start = now()
  while (now() - start < 20_000_000n);
  const end = now()
  const outerNs = (performance.now() - outerStart) * 1e6
  const innerNs = Number(end - start)
  return between('20 ms by performance.now', 'ns', outerNs, innerNs, [20e6, outerNs + 1000])
}

async function nothingSubtracted(): Promise<Row[]> {
  const { recording, ledger, from } = await record('sync', 'constant', OPERATIONS, SCALE)
  const { durationsNs, measuredNs } = recording
  const sum = durationsNs.reduce((total, ns) => total + ns, 0)
  let whole = 0
  for (let first = 0; first + WINDOW <= durationsNs.length; first += WINDOW) {
    const recorded = durationsNs.subarray(first, first + WINDOW).reduce((total, ns) => total + ns, 0)
    const passed = ledger.endOf(from + first + WINDOW - 1) - ledger.startOf(from + first)
    if (recorded >= Number(passed)) whole += 1
  }
  const windows = Math.floor(durationsNs.length / WINDOW)
  return [
    exactly('sum of all latencies, against last less first reading', measuredNs, sum, 'ns'),
    between(`windows of ${WINDOW} latencies that hold all the time that passed`, 'count', windows, whole, [
      Math.floor(windows * WHOLE_WINDOWS),
      windows,
    ]),
  ]
}
