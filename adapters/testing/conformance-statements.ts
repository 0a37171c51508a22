import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Adapter, Call, Options, Rows, Session, Table, Value } from '../../bench/contract/index.ts'
import { messageOf, seedCalls, seededRow } from '../../bench/contract/index.ts'
import { bytesTable, canonicalRow, count, table, textsFor } from './conformance-table.ts'

/** What does not apply to a backend is no test of it, and so not a skipped one either. */
const notApplicable = (_name: string, _body: () => unknown): void => undefined

/** A part of the suite that a backend cannot pass for a reason of its own; give the reason where it is skipped. */
export type Aspect = 'rows' | 'bytes' | 'reuse' | 'batch' | 'errors' | 'close'

const SEED = 1
const HOOK_TIMEOUT_MS = 180_000
/** A replica may need a moment. */
const SOON = { timeout: 10_000 }

/** What sessions promise of statements, tried on tables. `rows` stands for all of them. */
export function statementTests<Chosen extends Options, Address>(
  adapter: Adapter<Chosen, Address>,
  address: () => Address,
  has: (aspect: Aspect) => boolean,
): void {
  const texts = textsFor(adapter.dialect)
  /** Opens a session where operations are measured. */
  const using = <Result>(work: (session: Session) => Promise<Result>): Promise<Result> =>
    withSession(adapter.connect(address()), work)
  /** Opens a session where writes go. */
  const usingPrimary = <Result>(work: (session: Session) => Promise<Result>): Promise<Result> =>
    withSession(adapter.connectPrimary?.(address()) ?? adapter.connect(address()), work)
  const idsFrom = (from: number): Promise<number[]> =>
    usingPrimary(async (session) => (await run(session, texts.between, [from, 1e9])).map(({ id }) => Number(id)))
  const insertion = (key: number): Call => [texts.insertOne, [key, key, key, 'batch', '[]']]

  ;(has('rows') ? describe : notApplicable)('with tables', () => {
    beforeAll(
      () =>
        usingPrimary(async (session) => {
          for (const text of texts.create) await run(session, text)
          await session.batch([...seedCalls(table, adapter.dialect, SEED, count)])
        }),
      HOOK_TIMEOUT_MS,
    )
    afterAll(
      () =>
        usingPrimary(async (session) => {
          for (const text of texts.drop) await run(session, text)
        }),
      HOOK_TIMEOUT_MS,
    )

    it('gives back the rows that were inserted', async () => {
      await using((session) => expect.poll(look(session, texts.all, table), SOON).toEqual(expectedRows(table)))
    })

    ;(has('bytes') ? it : notApplicable)('gives back bytes', async () => {
      await usingPrimary(async (session) => session.batch([...seedCalls(bytesTable, adapter.dialect, SEED, count)]))
      await using((session) =>
        expect.poll(look(session, texts.allBytes, bytesTable), SOON).toEqual(expectedRows(bytesTable)),
      )
    })

    ;(has('reuse') ? it : notApplicable)('runs a prepared statement with different arguments', async () => {
      await using(async (session) => {
        await expect.poll(look(session, texts.all, table), SOON).toEqual(expectedRows(table))
        const one = session.prepare(texts.one)
        const between = session.prepare(texts.between)
        for (const key of [1, 7, 50, 7]) {
          expect((await one([key])).map((row) => canonicalRow(table.columns, row))).toEqual([expectedRow(table, key)])
          expect(await between([key, key + 2])).toHaveLength(key === 50 ? 1 : 2)
        }
        expect(await one([51])).toEqual([])
        expect(await session.prepare(texts.one)([1])).toHaveLength(1)
      })
    })

    ;(has('reuse') ? it : notApplicable)('writes through prepared statements and restores', async () => {
      await using(async (session) => {
        const insert = session.prepare(texts.insertOne)
        expect(await insert([60, 5, 0.5, 'sixty', '{}'])).toEqual([])
        expect(await insert([61, null, null, null, null])).toEqual([])
        await run(session, texts.update, [-6, "six'ty", 60])
      })
      expect(await idsFrom(51)).toEqual([60, 61])
      const [changed] = await usingPrimary((session) => run(session, texts.one, [60]))
      expect(canonicalRow(table.columns, changed!)).toEqual([60n, -6n, 0.5, "six'ty", {}])
      await usingPrimary((session) => run(session, texts.restore, [50]))
      expect(await idsFrom(51)).toEqual([])
      expect(await idsFrom(49)).toEqual([49, 50])
    })

    ;(has('batch') ? it : notApplicable)('runs a batch as one transaction', async () => {
      await using(async (session) => session.batch([insertion(70), insertion(71), [texts.update, [0, 'changed', 70]]]))
      expect(await idsFrom(51)).toEqual([70, 71])
      const [changed] = await usingPrimary((session) => run(session, texts.one, [70]))
      expect(changed).toMatchObject({ words: 'changed' })
      await usingPrimary((session) => run(session, texts.restore, [50]))
    })

    ;(has('batch') ? it : notApplicable)(
      'leaves nothing of a batch that fails, and the session stays usable',
      async () => {
        await using(async (session) => {
          expect(await failure(async () => session.batch([insertion(80), insertion(1), insertion(81)]))).not.toBe('')
          expect(await idsFrom(51)).toEqual([])
          await session.batch([insertion(82)])
          expect(await idsFrom(51)).toEqual([82])
        })
        await usingPrimary((session) => run(session, texts.restore, [50]))
      },
    )

    ;(has('errors') ? it : notApplicable)('tells what is wrong, and the session stays usable', async () => {
      await using(async (session) => {
        await expect.poll(look(session, texts.all, table), SOON).toEqual(expectedRows(table))
        expect(await failure(() => run(session, texts.wrong))).toMatch(/sqlatency_missing/)
        const one = session.prepare(texts.insertOne)
        expect(await failure(async () => one([1, 0, 0, 'twice', '{}']))).not.toBe('')
        expect(await one([90, 0, 0, 'once', '{}'])).toEqual([])
        expect(await run(session, texts.one, [1])).toHaveLength(1)
      })
      await usingPrimary((session) => run(session, texts.restore, [50]))
    })

    ;(has('close') ? it : notApplicable)('refuses queries after close', async () => {
      const session = await adapter.connect(address())
      const query = session.prepare(texts.one)
      await query([1])
      await session.close()
      expect(await failure(async () => query([1]))).not.toBe('')
    })

    ;(adapter.replication !== undefined ? it : notApplicable)(
      'shows markers of the primary on the replica',
      async () => {
        const replication = adapter.replication!
        const writing = await replication.writer(address())
        const reading = await replication.reader(address())
        try {
          expect((await reading.poll(1)).visible).toBe(false)
          for (const marker of [1, 2, 3]) {
            const written = await writing.write(marker)
            await expect
              .poll(async () => (await reading.poll(marker)).visible, { timeout: 20_000, interval: 5 })
              .toBe(true)
            const { position } = await reading.poll(marker)
            if (replication.positionUnit === null || written === null || position === null) continue
            expect(position).toBeGreaterThanOrEqual(written)
          }
          expect((await reading.poll(4)).visible).toBe(false)
        } finally {
          await reading.close()
          await writing.close()
        }
      },
    )
  })
}

async function withSession<Result>(
  opened: Session | Promise<Session>,
  work: (session: Session) => Promise<Result>,
): Promise<Result> {
  const session = await opened
  try {
    return await work(session)
  } finally {
    await session.close()
  }
}

async function run(session: Session, text: string, args: readonly Value[] = []): Promise<Rows> {
  return await session.prepare(text)(args)
}

/** What the session sees of a seeded table. */
const look = (session: Session, text: string, seeded: Table) => async (): Promise<unknown[][]> =>
  (await run(session, text)).map((row) => canonicalRow(seeded.columns, row))

const expectedRows = (seeded: Table): unknown[][] =>
  Array.from({ length: count(seeded) }, (_, n) => expectedRow(seeded, n + 1))

const expectedRow = (seeded: Table, key: number): unknown[] =>
  canonicalRow(seeded.columns, seededRow(seeded, key, SEED, count))

/** The message of what is thrown; the test fails if nothing is. */
async function failure(work: () => Promise<unknown>): Promise<string> {
  try {
    await work()
  } catch (error) {
    return messageOf(error)
  }
  return expect.fail('nothing was thrown')
}
