import type { BackendFacts, ScenarioFacts } from '../../bench/contract/index.ts'
import type { Shape } from './shape.ts'
import { HOSTILE, LONG } from './shape.ts'

export const KINDS = [
  {
    id: 'better-sqlite3',
    title: 'SQLite in process (better-sqlite3)',
    reach: 'in-process',
    dialect: 'sqlite',
    factor: 1,
  },
  {
    id: 'turso-replica',
    adapter: 'libsql',
    title: 'Turso embedded replica (libsql)',
    reach: 'in-process',
    dialect: 'sqlite',
    factor: 18,
    traits: ['replica'],
  },
  {
    id: 'd1',
    title: 'Cloudflare D1, local (workerd)',
    reach: 'same-host',
    dialect: 'sqlite',
    factor: 600,
    traits: ['simulator'],
  },
  { id: 'postgres', title: 'Postgres, loopback', reach: 'same-host', dialect: 'postgres', factor: 124 },
  {
    id: 'postgres-1ms',
    adapter: 'postgres',
    title: 'Postgres, 1 ms away',
    reach: 'network',
    dialect: 'postgres',
    factor: 1480,
    rttNs: 1e6,
  },
  {
    id: 'postgres-60ms',
    adapter: 'postgres',
    title: 'Postgres, 60 ms away',
    reach: 'network',
    dialect: 'postgres',
    factor: 81_000,
    rttNs: 6e7,
  },
] as const

export function backendFacts(shape: Shape): BackendFacts[] {
  const facts = Array.from({ length: shape.backends }, (_, index): BackendFacts => {
    const kind = KINDS[index % KINDS.length]!
    const again = index < KINDS.length ? '' : `-${Math.floor(index / KINDS.length) + 1}`
    const hostile = shape.hostile
      ? [HOSTILE, LONG, '=cmd|’ /C calc’!A0', '\u001b[31mred\u001b[0m\u2028'][index % 4]!
      : null
    const rttNs = 'rttNs' in kind ? kind.rttNs : null
    return {
      id: hostile === null ? kind.id + again : `${hostile}${index}`,
      title: hostile ?? kind.title + (again === '' ? '' : `, again${again}`),
      adapter: 'adapter' in kind ? kind.adapter : kind.id,
      dialect: kind.dialect,
      reach: kind.reach,
      traits: 'traits' in kind ? kind.traits : [],
      options: { durability: 'durable', url: '***' },
      distance:
        rttNs === null
          ? null
          : {
              emulator: 'relay',
              requestedRttNs: rttNs,
              measuredRttNs: rttNs * 1.02,
              directRttNs: 40_000,
              jitterNs: 0,
              bandwidthBytesPerSecond: null,
              echoes: 200,
              untrue: ['connect-early', 'no-slow-start', 'no-loss', 'no-jitter', 'no-bandwidth-limit'],
            },
      movedFrom: null,
      servers: kind.dialect === 'postgres' ? [{ name: 'PostgreSQL', version: '18.4', cpus: [1] }] : [],
      external: false,
      roundTripNs: null,
      session:
        index === 4
          ? null
          : {
              durability: index === 2 ? 'relaxed' : 'durable',
              settings: { journal_mode: 'wal', synchronous: 2, mmap: null },
              versions: { sqlite: '3.54.0' },
            },
    }
  })
  if (!shape.withNull) return facts
  return [
    ...facts,
    {
      id: 'null',
      title: 'Nothing (the harness alone)',
      adapter: 'null',
      dialect: 'sqlite',
      reach: 'in-process',
      traits: ['null'],
      options: {},
      distance: null,
      movedFrom: null,
      servers: [],
      external: false,
      roundTripNs: null,
      session: { durability: 'undeclared', settings: {}, versions: {} },
    },
  ]
}

const SCENARIOS = [
  ['point-read', 'One row by primary key', 'read'],
  ['range-read', 'Fifty rows by index', 'read'],
  ['author-page', 'Join of three tables, grouped', 'read'],
  ['json-filter', 'Filter on a JSON property', 'read'],
  ['n-plus-one', 'A page of 21 queries', 'read'],
  ['insert', 'Insert one row', 'write'],
  ['bulk-insert', 'Insert 100 rows in one commit', 'write'],
  ['update', 'Update one row by key', 'write'],
  ['upsert', 'Insert or update', 'write'],
  ['transfer', 'Move money in one transaction', 'write'],
  ['read-mostly', '100 reads to 1 write', 'mixed'],
  ['latest-posts', 'The ten latest posts', 'read'],
] as const

export function scenarioFacts(shape: Shape): ScenarioFacts[] {
  return Array.from({ length: shape.scenarios }, (_, index) => {
    const [id, title, kind] = SCENARIOS[index % SCENARIOS.length]!
    const again = index < SCENARIOS.length ? '' : `-${Math.floor(index / SCENARIOS.length) + 1}`
    return {
      id: shape.hostile ? `${HOSTILE}${index}` : id + again,
      title: shape.hostile ? `${index % 2 === 0 ? HOSTILE : LONG}${index}` : title + again,
      why: shape.hostile ? HOSTILE : 'Invented, to see what a report makes of it.',
      kind,
      shape: 'single',
      start: 'warm',
      dataset: 'blog',
      statements: {
        sqlite: [shape.hostile ? `SELECT '${HOSTILE}\`\`\`'` : 'SELECT id, title FROM post WHERE id = ?'],
        postgres: ['SELECT id, title FROM post WHERE id = $1'],
      },
      answers: index === 0 ? null : '5d1f0a9be6c37720',
    }
  })
}
