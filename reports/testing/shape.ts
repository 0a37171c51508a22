/** What an invented comparison looks like. Nothing here was ever measured. */
export interface Shape {
  readonly backends: number
  readonly scenarios: number
  readonly rounds: number
  /** Operations a round. */
  readonly operations: number
  /** All backends alike, as in an A/A run. */
  readonly alike: boolean
  readonly withNull: boolean
  readonly lag: boolean
  /** Backends that can be moved were measured at several distances. */
  readonly distance: boolean
  /** Every cell failed. */
  readonly failed: boolean
  /** One failed, one skipped, one pending cell among the measured. */
  readonly gaps: boolean
  /** Names that try to leave their place in HTML, Markdown, a shell or a terminal. */
  readonly hostile: boolean
  /** Open loops beside the closed one. */
  readonly loads: boolean
  /** Seen by k6 too. */
  readonly k6: boolean
  /** Beside an earlier run, and among twenty. */
  readonly earlier: boolean
  /** Runs that it was merged from; 0 for one that was measured. */
  readonly sources: number
  readonly caveats: 'none' | 'every' | 'usual'
}

export const USUAL: Shape = {
  backends: 6,
  scenarios: 12,
  rounds: 12,
  operations: 5000,
  alike: false,
  withNull: true,
  lag: true,
  distance: true,
  failed: false,
  gaps: true,
  hostile: false,
  loads: false,
  k6: false,
  earlier: false,
  sources: 0,
  caveats: 'usual',
}

export const HOSTILE = `</script><script>document.title='owned'</script><img src=x onerror="document.title='owned'">`
export const LONG = `"A|name of sixty_characters, \`ticks\`, 'quotes' & <b>brackets</b>`
