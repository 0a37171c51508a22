import { mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { inventedComparison } from '../../reports/testing/fixture.ts'
import { caveatsOf } from '../analyze/caveats.ts'
import { quantiles } from '../analyze/quantiles.ts'
import type { BackendFacts, Cell, LagCell, Round, Run } from '../contract/index.ts'
import { seededRandom } from '../contract/index.ts'
import { encodeSamples } from '../measure/samples.ts'
import type { Stored } from './merge.ts'
import { merge } from './merge.ts'
import { Store } from './store.ts'

let place = ''
beforeAll(() => void (place = mkdtempSync(join(tmpdir(), 'sqlatency-merge-'))))
afterAll(() => rmSync(place, { recursive: true, force: true }))

const shape = {
  backends: 2,
  scenarios: 2,
  rounds: 1,
  gaps: false,
  lag: false,
  withNull: false,
  caveats: 'none',
} as const
const template = inventedComparison(shape).run

let made = 0
/** A run on disk that measured these rounds on each of its backends. */
function stored(rounds: readonly (readonly number[])[], changes: Partial<Run> = {}): Stored {
  const id = changes.id ?? `run-${(made += 1)}`
  const store = new Store(join(place, 'in'), id)
  const cells = template.cells.map(({ backend, scenario, load }): Cell => {
    const measured = rounds.map((values, repetition): Round => {
      const samples = `samples/${backend}/${scenario}/${String(repetition).padStart(3, '0')}.ns`
      const durationsNs = Float64Array.from(values)
      store.write(samples, encodeSamples(durationsNs))
      const [p50Ns, maxNs] = quantiles([durationsNs], [0.5, 1]) as [number, number]
      const model = (template.cells[0] as Extract<Cell, { outcome: 'measured' }>).rounds[0]!
      const measuredNs = values.reduce((sum, value) => sum + value, 0)
      return { ...model, repetition, operations: values.length, measuredNs, p50Ns, maxNs, samples }
    })
    return store.estimated({ backend, scenario, load, outcome: 'pending', rounds: measured })
  })
  const run = { ...template, cells, lag: [], plan: { ...template.plan, rounds: rounds.length }, ...changes, id }
  store.save(run)
  return { run, store }
}

const mergedOf = (...inputs: Stored[]): Stored => merge(inputs, join(place, 'out'), `merged-${(made += 1)}`)

const estimatesOf = ({ run }: Stored) => run.cells.map((cell) => (cell.outcome === 'measured' ? cell.estimates : null))
/** Without the order of the rounds, which is that of the runs. */
const unordered = (one: Stored) =>
  estimatesOf(one).map((estimates) => ({
    ...estimates,
    timeline: estimates?.timeline?.map(({ sliceNs, slices }) => JSON.stringify([sliceNs, slices])).toSorted(),
  }))
/** The samples of every round, one text each. */
const samplesOf = ({ run, store }: Stored): string[] =>
  run.cells.flatMap((cell) => (cell.outcome === 'measured' ? store.samplesOf(cell.rounds).map(String) : []))

const round = fc.array(fc.integer({ min: 1, max: 2 ** 33 }), { minLength: 1, maxLength: 40 })

describe('what is merged', () => {
  test('equals the whole, exactly, however it was split', () => {
    const rounds = fc.array(fc.tuple(round, fc.nat(3)), { minLength: 2, maxLength: 9 })
    fc.assert(
      fc.property(rounds, (split) => {
        const whole = stored(split.map(([values]) => values))
        const parts = [0, 1, 2, 3]
          .map((part) => split.filter(([, own]) => own === part).map(([values]) => values))
          .filter((own) => own.length > 0)
        if (parts.length < 2) return
        const merged = mergedOf(...parts.map((own) => stored(own)))
        expect(unordered(merged)).toEqual(unordered(whole))
        for (const estimates of estimatesOf(merged))
          expect(estimates!.timeline!.map(({ repetition }) => repetition)).toEqual(split.map((_, n) => n))
        expect(samplesOf(merged).toSorted()).toEqual(samplesOf(whole).toSorted())
        const [cell] = merged.run.cells as [Extract<Cell, { outcome: 'measured' }>]
        expect(cell.rounds.map(({ repetition }) => repetition)).toEqual(split.map((_, n) => n))
        expect(merged.run.plan.rounds).toBe(split.length)
      }),
      { numRuns: 25 },
    )
  })

  test('in steps is the same as at once', () => {
    const [a, b, c] = [stored([[3, 5], [4]]), stored([[9]]), stored([[7, 7, 8]])]
    const [atOnce, inSteps] = [mergedOf(a, b, c), mergedOf(mergedOf(a, b), c)]
    expect(inSteps.run.sources).toEqual(atOnce.run.sources)
    expect(estimatesOf(inSteps)).toEqual(estimatesOf(atOnce))
    expect(atOnce.run.sources.map(({ id, repetitions: { first, end } }) => [id, first, end])).toEqual([
      [a.run.id, 0, 2],
      [b.run.id, 2, 3],
      [c.run.id, 3, 4],
    ])
  })

  test('keeps the machine of every run', () => {
    const other = { ...template.host, cpu: 'Another processor', cores: 64 }
    const { run } = mergedOf(stored([[1]]), stored([[2]], { host: other }))
    expect(run.sources.map(({ host }) => host)).toEqual([template.host, other])
    expect(caveatsOf(run).find(({ id }) => id === 'MERGED')).toEqual({
      id: 'MERGED',
      runs: 2,
      regions: [],
      differing: ['cpu', 'cores'],
    })
  })

  test('stays apart by region', () => {
    const [eu, us] = [stored([[10], [12]], { region: 'eu' }), stored([[80], [82]], { region: 'us' })]
    const more = stored([[14]], { region: 'eu' })
    const { run } = mergedOf(eu, us, more)
    const ids = template.backends.map(({ id }) => id)
    expect(run.backends.map(({ id }) => id)).toEqual([...ids.map((id) => `${id}@eu`), ...ids.map((id) => `${id}@us`)])
    for (const cell of run.cells) {
      const medians = cell.outcome === 'measured' ? cell.rounds.map(({ p50Ns }) => p50Ns) : []
      expect(medians).toEqual(cell.backend.endsWith('@eu') ? [10, 12, 14] : [80, 82])
    }
    const repetitions = run.cells.map((cell) => ('rounds' in cell ? cell.rounds.map((one) => one.repetition) : []))
    expect(new Set(repetitions.map(String))).toEqual(new Set(['0,1,4', '2,3']))
    expect(run.plan.rounds).toBe(3)
  })

  test('fails where one of the runs failed, and says which', () => {
    const trouble = { stage: 'connect', code: 'UNREACHABLE', message: 'gone', remedy: 'Start it.' } as const
    const bad = stored([[5]])
    const cells = bad.run.cells.map((cell, n) =>
      n === 0 && 'rounds' in cell ? ({ ...cell, outcome: 'failed', ...trouble } as const) : cell,
    )
    const { run } = mergedOf(stored([[1]]), { ...bad, run: { ...bad.run, cells, status: 'partial' } })
    expect(run.cells[0]).toMatchObject({ outcome: 'failed', message: `In run ${bad.run.id}: gone` })
    expect(run.cells[1]).toMatchObject({ outcome: 'measured' })
    expect(run.status).toBe('partial')
  })
})

const measuredLag = ({ run }: Stored) => run.lag.find((cell) => cell.outcome === 'measured')!

describe('lag', () => {
  const random = seededRandom(7)
  const withLag = (markers: number, region = 'WEUR'): Stored => {
    const one = stored([[1]])
    const lines = Array.from({ length: markers }, (_, marker) => {
      const ackNs = 1000 + random.integer(1000)
      const seen = ackNs + random.integer(9000)
      const position = marker % 2 === 0 ? null : marker
      const lastMissStartNs = marker % 3 === 0 ? null : seen - 500
      return {
        marker,
        ackNs,
        lastMissStartNs,
        firstSightEndNs: seen,
        polls: 2,
        writePosition: position,
        sightPosition: position,
      }
    })
    const lag = inventedComparison({ ...shape, lag: true, backends: 2 }).run.lag.map((cell): LagCell =>
      cell.outcome === 'measured'
        ? {
            ...cell,
            markers,
            servedBy: { replicas: [{ name: region, polls: markers }], primaryPolls: 3 },
            samples: 'samples/x/lag.ndjson',
            underLoad: { ...cell.underLoad!, markers, samples: 'samples/x/lag-load.ndjson' },
          }
        : cell,
    )
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('')
    for (const name of ['lag', 'lag-load']) one.store.write(`samples/x/${name}.ndjson`, text)
    return { ...one, run: { ...one.run, lag } }
  }

  test('brackets are those of all markers together, in whichever order', () => {
    const [a, b] = [withLag(40), withLag(25)]
    const [ab, ba] = [measuredLag(mergedOf(a, b)), measuredLag(mergedOf(b, a))]
    expect(ab).toMatchObject({ markers: 65, ackToVisible: ba.ackToVisible, staleAfter: ba.staleAfter })
    expect(ab.leftCensored).toBe(14 + 9)
    expect(ab.underLoad).toMatchObject({ markers: 65, ackToVisible: ab.ackToVisible, load: { writes: 2 * 1180 } })
    expect(ab.ownWrites).toMatchObject({ probes: 100, missed: 4 })
    expect(ab.reads.quiet).toMatchObject({ reads: 10_000, p99Ns: null })
    expect(ab.servedBy).toEqual({ replicas: [{ name: 'WEUR', polls: 65 }], primaryPolls: 6 })
    expect(measuredLag(mergedOf(a, withLag(1, 'APAC'))).servedBy!.replicas).toEqual([
      { name: 'APAC', polls: 1 },
      { name: 'WEUR', polls: 40 },
    ])
    // Times of one run say nothing about those of another.
    expect(ab.traces).toEqual([...measuredLag(a).traces!, ...measuredLag(b).traces!])
    expect(ab.underLoad!.traces).toHaveLength(2)
    const old = { ...a, run: { ...a.run, lag: a.run.lag.map((cell) => ({ ...cell, traces: null })) } }
    expect(measuredLag(mergedOf(old, b)).traces).toBeNull()
  })
})

const backends = (change: Partial<BackendFacts>): Partial<Run> => ({
  backends: template.backends.map((backend, n) => (n === 0 ? { ...backend, ...change } : backend)),
})
const session = template.backends[0]!.session!

describe('what is not alike is refused, by the first difference', () => {
  test.each<[string, Partial<Run>]>([
    ['the version of sqlatency ("0.1.0" and "0.2.0")', { harness: { ...template.harness, version: '0.2.0' } }],
    ['the commit of sqlatency', { harness: { ...template.harness, commit: null } }],
    ['the plan ("invented" and "smoke")', { plan: { ...template.plan, name: 'smoke' } }],
    ['the plan’s scale (1 and 2)', { plan: { ...template.plan, scale: 2 } }],
    ['the plan’s durability', { plan: { ...template.plan, durability: 'relaxed' } }],
    ['the seed (7 and 8)', { seed: 8 }],
    ['the data of blog', { datasets: template.datasets.map((one) => ({ ...one, hash: '0000000000000000' })) }],
    [
      'the statements of point-read',
      { scenarios: template.scenarios.map((one) => ({ ...one, statements: { sqlite: ['SELECT 1'], postgres: [] } })) },
    ],
    ['the scenario range-read', { scenarios: template.scenarios.slice(0, 1) }],
    ['the answers to range-read', { scenarios: template.scenarios.map((one) => ({ ...one, answers: 'other' })) }],
    ['having the backend better-sqlite3', { backends: template.backends.slice(1) }],
    ['better-sqlite3’s option durability', backends({ options: { durability: 'relaxed', url: '***' } })],
    ['better-sqlite3’s durability', backends({ session: { ...session, durability: 'relaxed' } })],
    ['better-sqlite3’s version of sqlite', backends({ session: { ...session, versions: { sqlite: '3.0.0' } } })],
    [
      'better-sqlite3’s setting mmap',
      backends({ session: { ...session, settings: { ...session.settings, mmap: 1 } } }),
    ],
    ['does not say where', { region: 'eu' }],
  ])('%s', (difference, changes) => {
    expect(() => mergedOf(stored([[1]]), stored([[2]], changes))).toThrow(difference)
  })

  test('one run alone, the same run twice, and a place within several', () => {
    const [a, b] = [stored([[1]], { region: 'eu' }), stored([[2]], { region: 'us' })]
    expect(() => mergedOf(a)).toThrow('two runs or more')
    expect(() => mergedOf(a, a)).toThrow(`Run ${a.run.id} would be counted twice.`)
    const several = mergedOf(a, b)
    expect(() => mergedOf(several, stored([[3]]))).toThrow('holds several regions already')
    const once = mergedOf(stored([[1]], { id: 'twice' }), stored([[2]]))
    expect(() => mergedOf(once, stored([[1]], { id: 'twice' }))).toThrow('Run twice would be counted twice.')
  })

  test('but backends of different regions, measured durations and what never answered may differ', () => {
    const [eu, us] = [
      stored([[1]], { region: 'eu' }),
      stored([[2]], { region: 'us', ...backends({ adapter: 'other' }) }),
    ]
    expect(() => mergedOf(eu, us)).not.toThrow()
    const timed = (ns: number): Partial<Run> =>
      backends({ session: { ...session, settings: { ...session.settings, empty_request_p50_ns: ns } } })
    expect(() => mergedOf(stored([[1]], timed(5)), stored([[2]], timed(6)))).not.toThrow()
    expect(() => mergedOf(stored([[1]]), stored([[2]], backends({ session: null })))).not.toThrow()
  })
})

describe('a folder that somebody else wrote', () => {
  const naming = (samples: string, operations = 1): Stored => {
    const one = stored([[1]])
    const cells = one.run.cells.map((cell) =>
      'rounds' in cell ? { ...cell, rounds: cell.rounds.map((each) => ({ ...each, samples, operations })) } : cell,
    )
    return { ...one, run: { ...one.run, cells } }
  }

  test.each(['../../secret.ns', '/etc/hostname', 'samples/../../x', '..'])('names a file outside: %s', (name) => {
    const before = readdirSync(join(place, 'out'))
    expect(() => mergedOf(stored([[1]]), naming(name))).toThrow('names a file outside of its folder')
    expect(readdirSync(join(place, 'out'))).toEqual(before)
  })

  test('holds no samples, or fewer than it says', () => {
    const one = naming('samples/x.ns')
    expect(() => mergedOf(stored([[1]]), one)).toThrow('cannot be read')
    writeFileSync(join(one.store.directory, 'samples', 'x.ns'), 'nonsense')
    expect(() => mergedOf(stored([[1]]), one)).toThrow('not a sample file')
    rmSync(join(one.store.directory, 'samples', 'x.ns'))
    symlinkSync('/etc/hostname', join(one.store.directory, 'samples', 'x.ns'))
    expect(() => mergedOf(stored([[1]]), one)).toThrow('not a sample file')
    expect(() => mergedOf(stored([[1]]), naming('samples/better-sqlite3/point-read/000.ns', 2))).toThrow(
      'does not hold the 2 operations',
    )
  })

  test('has names that would write to the terminal', () => {
    const message = (): string => {
      try {
        mergedOf(stored([[1]]), stored([[2]], backends({ id: '\u001b[2J\u009b31mx' })))
      } catch (error) {
        return (error as Error).message
      }
      return ''
    }
    expect(message()).toMatch(/having the backend/)
    // oxlint-disable-next-line no-control-regex
    expect(message()).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/)
  })

  test('does not take the place of a run that is there', () => {
    const first = mergedOf(stored([[1]]), stored([[2]]))
    expect(() => merge([stored([[1]]), stored([[2]])], join(place, 'out'), first.run.id)).toThrow('already')
  })
})
