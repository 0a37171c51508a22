import type { Run, Source } from './run.ts'

/** What a figure owes to the machine. */
export type Machine = Pick<Source, 'host' | 'placement' | 'clock'>

/** The machines of a run, of which a merged one may have several. */
export const machinesOf = (run: Run): readonly Machine[] => (run.sources.length === 0 ? [run] : run.sources)
