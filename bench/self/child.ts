import process from 'node:process'
import { messageOf } from '../contract/index.ts'
import type { arrivals } from './inside/arrivals.ts'
import type { bareLoop } from './inside/bare.ts'
import type { collections } from './inside/collections.ts'
import type { floor } from './inside/floor.ts'
import type { memoryOfEstimates, memoryOfRound } from './inside/memory.ts'
import type { gatedRound } from './inside/gated.ts'
import type { ourLoop } from './inside/ours.ts'
import type { mitataLoop, tinybenchLoop } from './inside/peers.ts'
import type { postgresLoops } from './inside/postgres.ts'
import type { stall } from './inside/stall.ts'
import type { parquet } from './inside/parquet.ts'
import type { percentiles } from './inside/percentiles.ts'
import type { storage } from './inside/storage.ts'

/** What can be asked of a fresh process. Each loads its own modules and no other's. */
const tasks = {
  floor: async (input: Input<typeof floor>) => (await import('./inside/floor.ts')).floor(input),
  bare: async (input: Input<typeof bareLoop>) => (await import('./inside/bare.ts')).bareLoop(input),
  ours: async (input: Input<typeof ourLoop>) => (await import('./inside/ours.ts')).ourLoop(input),
  gated: async (input: Input<typeof gatedRound>) => (await import('./inside/gated.ts')).gatedRound(input),
  tinybench: async (input: Input<typeof tinybenchLoop>) => (await import('./inside/peers.ts')).tinybenchLoop(input),
  mitata: async (input: Input<typeof mitataLoop>) => (await import('./inside/peers.ts')).mitataLoop(input),
  arrivals: async (input: Input<typeof arrivals>) => (await import('./inside/arrivals.ts')).arrivals(input),
  collections: async (input: Input<typeof collections>) => (await import('./inside/collections.ts')).collections(input),
  postgres: async (input: Input<typeof postgresLoops>) => (await import('./inside/postgres.ts')).postgresLoops(input),
  memoryOfRound: async (input: Input<typeof memoryOfRound>) =>
    (await import('./inside/memory.ts')).memoryOfRound(input),
  memoryOfEstimates: async (input: Input<typeof memoryOfEstimates>) =>
    (await import('./inside/memory.ts')).memoryOfEstimates(input),
  stall: async (input: Input<typeof stall>) => (await import('./inside/stall.ts')).stall(input),
  parquet: async (input: Input<typeof parquet>) => (await import('./inside/parquet.ts')).parquet(input),
  percentiles: async (input: Input<typeof percentiles>) => (await import('./inside/percentiles.ts')).percentiles(input),
  storage: async (input: Input<typeof storage>) => (await import('./inside/storage.ts')).storage(input),
}

type Input<Task extends (input: never) => unknown> = Parameters<Task>[0]
export type Tasks = typeof tasks

export type Answer = { readonly result: unknown } | { readonly error: string }

process.once('message', (message) => void obey(message as { task: keyof Tasks; input: never }))
process.once('disconnect', () => process.exit(0))

async function obey({ task, input }: { readonly task: keyof Tasks; readonly input: never }): Promise<void> {
  try {
    send({ result: await tasks[task](input) })
  } catch (error) {
    send({ error: messageOf(error) })
  }
}

function send(answer: Answer): void {
  process.send?.(answer, () => process.exit(0))
}
