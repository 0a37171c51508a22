import { decodeSamples, encodeSamples } from '../../measure/samples.ts'
import type { Check } from '../check.ts'
import type { Row } from '../row.ts'
import { exactly } from '../row.ts'
import { record } from './closed-loop.ts'

/** What is stored is what was recorded, one by one. */
export const samplesCheck: Check = {
  id: 'samples',
  title: 'Stored samples',
  async run({ quick }) {
    const { recording } = await record('sync', 'stalls', quick ? 2000 : 20_000)
    const edges = [0, 1, 255, 256, 65_535, 65_536, 2 ** 32 - 2, 2 ** 32 - 1, 2 ** 32, 2 ** 40, 1]
    return [
      ...kept('recorded latencies', recording.durationsNs),
      ...kept('edges of the format', Float64Array.from(edges)),
    ]
  },
}

function kept(name: string, values: Float64Array): Row[] {
  const read = decodeSamples(encodeSamples(values))
  return [
    exactly(`${name}: read back`, values.length, read.length),
    exactly(`${name}: changed, or out of place`, 0, values.filter((value, n) => value !== read[n]).length),
  ]
}
