import { expect, test } from 'vitest'
import type { LagPoll } from '../contract/index.ts'
import { seededRandom } from '../contract/index.ts'
import { Watch } from './lag.ts'

const miss = (copy?: string): LagPoll => ({ visible: false, position: null, ...(copy === undefined ? {} : { copy }) })
const sight = (copy?: string): LagPoll => ({ ...miss(copy), visible: true })
const uncounted = (poll: LagPoll): LagPoll => ({ ...poll, counts: false })

/** A reader that gives these answers, then the last one again and again, and remembers when it was asked. */
function watching(answers: readonly LagPoll[]) {
  const askedNs: bigint[] = []
  const poll = (): Promise<LagPoll> => {
    askedNs.push(process.hrtime.bigint())
    return Promise.resolve(answers[askedNs.length - 1] ?? answers.at(-1)!)
  }
  return { watch: new Watch({ poll, close: () => Promise.resolve() }, seededRandom(1, 'test')), askedNs }
}

test('a poll that does not count is neither a miss nor a sight', async () => {
  const { watch, askedNs } = watching([miss(), uncounted(miss()), uncounted(sight()), sight()])
  const seen = await watch.forMarker(1, 1000, 10e9)
  expect(seen).toMatchObject({ uncounted: 2, answered: true, wentBack: 0 })
  expect(seen.pollNs).toHaveLength(2)
  expect(seen.lastMissStartNs!).toBeLessThanOrEqual(askedNs[0]!)
  expect(seen.firstSightEndNs!).toBeGreaterThanOrEqual(askedNs[3]!)
})

test('the last miss is that of the replica which shows the marker first', async () => {
  const { watch, askedNs } = watching([miss('a'), miss('b'), miss('b'), sight('a'), sight('a')])
  const seen = await watch.forMarker(1, 1000, 10e9)
  expect(seen.lastMissStartNs!).toBeLessThanOrEqual(askedNs[0]!)
  expect([...seen.byCopy]).toEqual([
    ['a', 2],
    ['b', 2],
  ])
})

test('a replica that shows the marker at its first poll leaves the lower end open, whatever others missed', async () => {
  const { watch } = watching([miss('b'), sight('a')])
  expect(await watch.forMarker(1, 1000, 10e9)).toMatchObject({ lastMissStartNs: null, answered: true })
})

test.each([
  ['another replica', 1, miss('b')],
  ['the primary', 0, uncounted(miss())],
])('gone again at %s: went back %i times', async (_, wentBack, again) => {
  const { watch } = watching([sight('a'), again])
  expect(await watch.forMarker(1, 1000, 10e9)).toMatchObject({ wentBack })
})

test('a marker that no replica was asked for is not answered; one that all missed is', async () => {
  const never = await watching([uncounted(sight())]).watch.forMarker(1, 1000, 10e6)
  expect(never).toMatchObject({ answered: false, firstSightEndNs: null, pollNs: [] })
  const late = await watching([miss('a'), uncounted(sight()), miss('b')]).watch.forMarker(1, 1000, 10e6)
  expect(late).toMatchObject({ answered: true, firstSightEndNs: null })
  expect(late.lastMissStartNs).not.toBeNull()
})

test('reads that do not count are not timed, and reading ends without any', async () => {
  const { watch, askedNs } = watching([uncounted(sight()), sight(), uncounted(sight()), sight()])
  const readNs = await watch.read(1, 5e6)
  expect(readNs).toHaveLength(askedNs.length - 2)
  expect(await watching([uncounted(sight())]).watch.read(1, 5e6)).toEqual([])
})
