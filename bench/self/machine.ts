import { readFileSync } from 'node:fs'
import { availableParallelism, loadavg } from 'node:os'
import type { Finding, Section } from './finding.ts'

export const load = (): string => loadavg()[0]!.toFixed(2)

/** How quiet the machine was: what the figures above are worth. */
export function machine(loadBefore: string, began: number): Section {
  return {
    title: `Machine: ${availableParallelism()} processors`,
    findings: [
      { what: 'load average, before and after', figure: `${loadBefore}, ${load()}` },
      ...pressure(),
      { what: 'time for all of this', figure: `${Math.round((performance.now() - began) / 1000)} s` },
    ],
  }
}

/** Share of the last five minutes in which somebody waited for a processor: Linux pressure stall information. */
function pressure(): Finding[] {
  try {
    const share = /some .*avg300=([\d.]+)/.exec(readFileSync('/proc/pressure/cpu', 'utf8'))?.[1]
    return share === undefined ? [] : [{ what: 'somebody waited for a processor', figure: `${share} %` }]
  } catch {
    return []
  }
}
