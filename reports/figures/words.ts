/** What a chart says of itself when no page stands around it. */
export interface FigureWords {
  readonly title: string
  /** How to read it. */
  readonly about: string
  /** It shows one scenario, which is named. */
  readonly oneScenario: boolean
  /** It has the names of the backends beside its rows, and needs no legend. */
  readonly namesRows: boolean
}

/** By the name of the chart. A test asks for every chart in reports/charts. */
export const FIGURE_WORDS: Readonly<Record<string, FigureWords>> = {
  ladder: {
    title: 'How long one operation takes',
    about:
      'Each step of the ruler is ten times slower. Marker: p50; block: the middle half; upright tick: p99; line: p5 to p99.9 or to the last percentile with enough operations.',
    oneScenario: true,
    namesRows: true,
  },
  page: {
    title: 'What a page of several queries costs',
    about: 'Marker: n times the mean of one query; whiskers: its 95 % interval; dotted: the budget.',
    oneScenario: true,
    namesRows: true,
  },
  tail: {
    title: 'Latency by percentile',
    about:
      'Read across: 1 operation in 10, in 100, in 1,000 takes longer. A curve is dotted where too few operations lie beyond to call it a percentile, and ends with the longest of all.',
    oneScenario: true,
    namesRows: false,
  },
  distribution: {
    title: 'How latency is spread',
    about:
      'Height: the square root of the share of operations at that latency, so that small peaks show. A marker stands on each peak.',
    oneScenario: true,
    namesRows: true,
  },
  distance: {
    title: 'Latency by distance',
    about:
      'Markers: measured. Thin lines: the law a + k × RTT that fits them; solid for reads, dashed for writes and transactions, dotted where nothing was measured. Bands: distances with a name.',
    oneScenario: true,
    namesRows: false,
  },
  load: {
    title: 'Response time under load',
    about:
      'Achieved rate against the highest percentile that can be said, counted from when an operation was due. Circle: where waiting begins. Hollow: the processor was shared. ×: the database did not keep up.',
    oneScenario: true,
    namesRows: false,
  },
  'over-time': {
    title: 'Latency over time',
    about:
      'The fuller the colour, the more operations of that latency in that slice of time. A gap: not measured. Grey strip: a slow operation beside garbage collection (G) or a wait for a processor (P).',
    oneScenario: true,
    namesRows: true,
  },
  stale: {
    title: 'How likely is a read on a replica still stale?',
    about:
      'The share of reads that miss a write, by the time since its acknowledgement, with nothing else written. The truth lies inside the band.',
    oneScenario: false,
    namesRows: false,
  },
  'lag-timeline': {
    title: 'Replication lag, write by write',
    about:
      'Each marker was written at the primary and looked for on the replica; its bar is the bracket that holds the truth. Hollow: only its upper end is known (downwards), or it was not seen in time (upwards).',
    oneScenario: false,
    namesRows: true,
  },
  'lag-cdf': {
    title: 'After what time a write shows on a replica',
    about:
      'The share of writes that were visible, by the time since their acknowledgement. The truth lies inside the band.',
    oneScenario: false,
    namesRows: false,
  },
  trend: {
    title: 'Over the stored runs',
    about: 'Change from where each began: up is slower. Bars: 95 % intervals; triangles: change points.',
    oneScenario: true,
    namesRows: false,
  },
}
