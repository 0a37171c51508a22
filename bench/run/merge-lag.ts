import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { lagFigures } from '../analyze/lag.ts'
import { median } from '../analyze/quantiles.ts'
import type { LagCell } from '../contract/index.ts'
import { SqlatencyError } from '../contract/index.ts'
import type { MarkerLine } from './markers.ts'
import { readMarker } from './markers.ts'
import type { Part } from './merge.ts'
import { fileOf, placed } from './merge-cells.ts'
import type { Store } from './store.ts'

type MeasuredLag = Extract<LagCell, { outcome: 'measured' }>

/** A lag cell with the markers that it was made from. */
export interface TakenLag {
  readonly cell: LagCell
  readonly lines: readonly MarkerLine[]
}

export function takeLag(cell: LagCell, part: Part): TakenLag {
  if (cell.outcome === 'failed')
    return { cell: { ...cell, message: `In run ${part.run.id}: ${cell.message}` }, lines: [] }
  if (cell.outcome === 'none') return { cell, lines: [] }
  const path = fileOf(part, cell.samples)
  const lines = parse(path)
  if (lines.length !== cell.markers)
    throw new SqlatencyError('RUN_UNREADABLE', `${path} does not hold the ${cell.markers} markers of its run.`)
  return { cell: { ...cell, samples: placed(part, cell.samples) }, lines }
}

/**
 * The lag of one backend from that of several runs: brackets are those of all markers together. Of the polls, only what
 * each run says of its own is known, and the middle of that is told.
 */
export function oneLag(taken: readonly [TakenLag, ...TakenLag[]], store: Store): LagCell {
  const cells = taken.map(({ cell }) => cell)
  const measured = cells.filter((cell): cell is MeasuredLag => cell.outcome === 'measured')
  const failed = cells.find(({ outcome }) => outcome === 'failed')
  const [one] = measured
  if (failed !== undefined) return failed
  if (one === undefined) return taken[0].cell
  const lines = taken.flatMap((each) => each.lines)
  const figures = lagFigures(lines.map(readMarker))
  if (figures === null) throw new SqlatencyError('RUN_UNREADABLE', `No marker of ${one.backend} was ever seen.`)
  store.write(one.samples, lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
  return {
    ...one,
    ...figures,
    pollP50Ns: median(measured.map(({ pollP50Ns }) => pollP50Ns)),
    pollsPerSecond: median(measured.map(({ pollsPerSecond }) => pollsPerSecond)),
    position: onePosition(measured),
  }
}

function onePosition(measured: readonly MeasuredLag[]): MeasuredLag['position'] {
  const positions = measured.flatMap(({ position }) => position ?? [])
  const [one] = positions
  if (one === undefined) return null
  return {
    unit: one.unit,
    agreeing: positions.reduce((sum, { agreeing }) => sum + agreeing, 0),
    compared: positions.reduce((sum, { compared }) => sum + compared, 0),
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
