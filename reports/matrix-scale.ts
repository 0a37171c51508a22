import { BINS } from './charts/bins.ts'
import { count } from './format.ts'

/** What the colours 1 ... 7 of the matrix stand for. */
export function scaleNames(): string[] {
  return [...BINS.map((end) => `≤ ${end < 3 ? String(end) : count(end)}×`), 'more']
}
