/** A distance with a name, so that people can ask for places and not for milliseconds. */
export interface NamedDistance {
  /** Round trip. */
  readonly rttMs: number
  readonly title: string
  /** Who measured it. Networks differ: it is an order of magnitude, and your own ping is better. */
  readonly source: string
}

export const namedDistances: Readonly<Record<string, NamedDistance>> = {
  'same-host': { rttMs: 0, title: 'The database on the machine of the application', source: 'by definition' },
  'same-zone': {
    rttMs: 0.5,
    title: 'Two machines of one data centre',
    source:
      'J. Dean, "Designs, Lessons and Advice from Building Large Distributed Systems", LADIS 2009: 500 µs; still the 80th percentile of TCP echoes within one Google zone in 2021 (evanjones.ca/network-latencies-2021.html)',
  },
  'same-region': {
    rttMs: 2,
    title: 'Two data centres of one region',
    source: 'Microsoft, "What are availability zones?": less than approximately 2 ms between the zones of a region',
  },
  'next-region': {
    rttMs: 14,
    title: 'A neighbouring region, such as Virginia and Montreal',
    source: 'AWS us-east-1 to ca-central-1, mean of ten pings: 14.1 ms (gist caius/21eca095ba281393f0616e2325410278)',
  },
  'cross-country': {
    rttMs: 70,
    title: 'Coast to coast, such as Virginia and Oregon',
    source:
      'AWS us-east-1 to us-west-2, mean of ten pings: 71.4 ms (the same gist); Microsoft, "Azure network round-trip latency statistics", October 2019: up to 72 ms within North America',
  },
  'cross-ocean': {
    rttMs: 150,
    title: 'Another continent, such as California and the Netherlands',
    source: 'J. Dean, LADIS 2009: a packet from California to the Netherlands and back, 150 ms',
  },
  'half-world': {
    rttMs: 230,
    title: 'The other side of the world, such as Virginia and Sydney',
    source:
      'AWS us-east-1 to ap-southeast-2, 230 ms in "Latency Between AWS Global Regions", as quoted by acomputerscientistlearnsaws.blogspot.com, April 2017',
  },
}
