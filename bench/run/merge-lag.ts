import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { markerFigures } from '../analyze/lag.ts'
import { median } from '../analyze/quantiles.ts'
import type { LagCell, LagFigures, ReadFigures } from '../contract/index.ts'
import { SqlatencyError } from '../contract/index.ts'
import type { MarkerLine } from './markers.ts'
import { readMarker } from './markers.ts'
import type { Part } from './merge.ts'
import { fileOf, placed } from './merge-cells.ts'
import type { Store } from './store.ts'

type MeasuredLag = Extract<LagCell, { outcome: 'measured' }>
type LoadedLag = NonNullable<MeasuredLag['underLoad']>

/** A lag cell with the markers that it was made from. */
export interface TakenLag {
  readonly cell: LagCell
  readonly atRest: readonly MarkerLine[]
  readonly underLoad: readonly MarkerLine[]
}

export function takeLag(cell: LagCell, part: Part): TakenLag {
  const nothing = { atRest: [], underLoad: [] }
  if (cell.outcome === 'failed')
    return { cell: { ...cell, message: `In run ${part.run.id}: ${cell.message}` }, ...nothing }
  if (cell.outcome !== 'measured') return { cell, ...nothing }
  const { underLoad } = cell
  return {
    cell: {
      ...cell,
      samples: placed(part, cell.samples),
      underLoad: underLoad === null ? null : { ...underLoad, samples: placed(part, underLoad.samples) },
    },
    atRest: linesOf(cell, part),
    underLoad: underLoad === null ? [] : linesOf(underLoad, part),
  }
}

function linesOf({ samples, markers }: LagFigures, part: Part): MarkerLine[] {
  const path = fileOf(part, samples)
  const lines = parse(path)
  if (lines.length === markers) return lines
  throw new SqlatencyError('RUN_UNREADABLE', `${path} does not hold the ${markers} markers of its run.`)
}

/**
 * The lag of one backend from that of several runs: brackets are those of all markers together. Of polls, reads and the load
 * only what each run says of its own is known, and the middle of that is told, or the sum of what counts.
 */
export function oneLag(taken: readonly [TakenLag, ...TakenLag[]], store: Store): LagCell {
  const failed = taken.find(({ cell }) => cell.outcome === 'failed')
  if (failed !== undefined) return failed.cell
  const measured = taken.flatMap(({ cell, ...lines }) => (cell.outcome === 'measured' ? [{ cell, ...lines }] : []))
  const [one] = measured
  if (one === undefined) return taken[0].cell
  const cells = measured.map(({ cell }) => cell)
  const loaded = cells.flatMap(({ underLoad }) => underLoad ?? [])
  return {
    ...one.cell,
    ...oneOf(
      cells,
      measured.flatMap(({ atRest }) => atRest),
      store,
    ),
    underLoad:
      loaded[0] === undefined
        ? null
        : {
            ...oneOf(
              loaded,
              measured.flatMap(({ underLoad }) => underLoad),
              store,
            ),
            load: oneLoad(loaded),
          },
    ownWrites: oneOwnWrites(cells),
    ...oneServedBy(cells),
    reads: {
      quiet: oneRead(cells.map(({ reads }) => reads.quiet))!,
      applying: oneRead(cells.flatMap(({ reads }) => reads.applying ?? [])),
    },
  }
}

function oneOf(figures: readonly LagFigures[], lines: readonly MarkerLine[], store: Store): LagFigures {
  const { samples } = figures[0]!
  store.write(samples, lines.map((one) => `${JSON.stringify(one)}\n`).join(''))
  return {
    ...markerFigures(lines.map(readMarker)),
    // Clocks of several runs have nothing in common: their markers stay in lists of their own.
    traces: figures.some(({ traces }) => traces === null) ? null : figures.flatMap(({ traces }) => traces ?? []),
    gaveUp: figures.some(({ gaveUp }) => gaveUp),
    pollP50Ns: median(figures.map(({ pollP50Ns }) => pollP50Ns)),
    pollsPerSecond: median(figures.map(({ pollsPerSecond }) => pollsPerSecond)),
    polls: sum(figures.map(({ polls }) => polls)),
    wentBack: sum(figures.map(({ wentBack }) => wentBack)),
    position: onePosition(figures),
    samples,
  }
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

function oneLoad(loaded: readonly LoadedLag[]): LoadedLag['load'] {
  const loads = loaded.map(({ load }) => load)
  return {
    offeredPerSecond: median(loads.map(({ offeredPerSecond }) => offeredPerSecond)),
    achievedPerSecond: median(loads.map(({ achievedPerSecond }) => achievedPerSecond)),
    writes: sum(loads.map(({ writes }) => writes)),
    failed: sum(loads.map(({ failed }) => failed)),
    writeP50Ns: median(loads.map(({ writeP50Ns }) => writeP50Ns)),
  }
}

function oneOwnWrites(cells: readonly MeasuredLag[]): MeasuredLag['ownWrites'] {
  const all = cells.flatMap(({ ownWrites }) => ownWrites ?? [])
  if (all.length === 0) return null
  return {
    probes: sum(all.map(({ probes }) => probes)),
    missed: sum(all.map(({ missed }) => missed)),
    nextReadP50Ns: median(all.map(({ nextReadP50Ns }) => nextReadP50Ns)),
  }
}

function oneServedBy(cells: readonly MeasuredLag[]): Pick<MeasuredLag, 'servedBy'> {
  const all = cells.flatMap(({ servedBy }) => servedBy ?? [])
  if (all.length === 0) return {}
  const polls = Map.groupBy(
    all.flatMap(({ replicas }) => replicas),
    ({ name }) => name,
  )
  return {
    servedBy: {
      replicas: [...polls]
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, each]) => ({ name, polls: sum(each.map((one) => one.polls)) })),
      primaryPolls: sum(all.map(({ primaryPolls }) => primaryPolls)),
    },
  }
}

/** A p99 of several runs is not that of any of them. */
function oneRead(all: readonly ReadFigures[]): ReadFigures | null {
  const [one] = all
  if (one === undefined || all.length === 1) return one ?? null
  return {
    reads: sum(all.map(({ reads }) => reads)),
    p50Ns: median(all.map(({ p50Ns }) => p50Ns)),
    p99Ns: null,
    maxNs: Math.max(...all.map(({ maxNs }) => maxNs)),
  }
}

function onePosition(figures: readonly LagFigures[]): LagFigures['position'] {
  const positions = figures.flatMap(({ position }) => position ?? [])
  const [one] = positions
  if (one === undefined) return null
  return {
    unit: one.unit,
    agreeing: sum(positions.map(({ agreeing }) => agreeing)),
    compared: sum(positions.map(({ compared }) => compared)),
    maxBehind: Math.max(...positions.map(({ maxBehind }) => maxBehind)),
  }
}

const nullable = z.number().nullable()
const line = z.strictObject({
  marker: z.number(),
  ackNs: z.number(),
  lastMissStartNs: nullable,
  firstSightEndNs: nullable,
  polls: z.number(),
  writePosition: nullable,
  sightPosition: nullable,
}) satisfies z.ZodType<MarkerLine>

function parse(path: string): MarkerLine[] {
  try {
    return readFileSync(path, 'utf8')
      .split('\n')
      .filter((text) => text !== '')
      .map((text) => line.parse(JSON.parse(text)))
  } catch (error) {
    throw new SqlatencyError('RUN_UNREADABLE', `${path} does not hold the markers of its run.`, {}, { cause: error })
  }
}
