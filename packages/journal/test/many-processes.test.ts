import type { JournalStore } from '@mailbox-hooks/core/journal'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DATABASES, type Database } from './databases.js'
import { attemptOf, begun, entryOf, HANDLED, hashOf, KEY_ID, keysOf, LEASE_MS, newToken } from './entries.js'

describe.each(DATABASES.map((database) => [database.name, database] as const))(
  'many processes on %s',
  (_name, { isAbsent, open }) => {
    describe.skipIf(isAbsent)('with the same entries', () => {
      let database: Database

      beforeAll(async () => {
        database = await open()
      })
      afterAll(() => database?.close())

      /** On a busy machine an insert may wait for another one of the same entry until its time is over. */
      const deadlocks = (errors: readonly unknown[]) => errors.map(String).filter((error) => /deadlock/i.test(error))

      it('begin, note, extend, finish and take them in batches, without a deadlock', { timeout: 60_000 }, async () => {
        const errors: unknown[] = []
        const stores = Array.from({ length: 4 }, () => database.another({ onError: (error) => errors.push(error) }))
        const holders = new Map<string, number>()
        let most = 0

        /** Holds an entry while `act` runs, which nobody else may then hold. */
        async function holding(hash: string, act: () => Promise<void>): Promise<void> {
          holders.set(hash, (holders.get(hash) ?? 0) + 1)
          most = Math.max(most, holders.get(hash) ?? 0)
          await act()
        }
        const letGo = (hash: string) => holders.set(hash, (holders.get(hash) ?? 0) - 1)

        async function deliver(store: JournalStore, key: string, round: number): Promise<void> {
          const entry = entryOf(key)
          const answer = await store.begin(entry)
          if (answer.status !== 'begun') {
            return store.note({ namespace: '', keyHash: entry.keyHash }, attemptOf({ kind: answer.status }))
          }
          const state = round % 3 === 0 ? 'failed' : 'queued'
          await holding(entry.hash, async () => {
            await store.extend(entry.hash, entry.token, LEASE_MS)
            letGo(entry.hash)
            const attempt = attemptOf({ number: answer.number })
            expect(await store.finish(entry.hash, entry.token, { state, next: { inMs: 0 }, attempt })).toBe(true)
          })
        }

        async function work(store: JournalStore): Promise<void> {
          const taken = await store.take({
            namespace: '',
            limit: 20,
            leaseMs: LEASE_MS,
            keyIds: [KEY_ID],
            maxFormat: 1,
          })
          await Promise.all(
            taken.map(({ hash, token }) =>
              holding(hash, async () => {
                letGo(hash)
                expect(
                  await store.finish(hash, token, { state: 'failed', next: { inMs: 0 }, attempt: attemptOf() }),
                ).toBe(true)
              }),
            ),
          )
        }

        for (let round = 0; round < 6; round++) {
          // Many new ones, which are inserted, and some old ones, which are taken.
          const keys = [...keysOf(`new_${round}`, 120), ...keysOf('shared', 40)]
          await Promise.all(
            stores.flatMap((store, index) => [
              ...(index % 2 === 0 ? keys : keys.toReversed()).map((key) => deliver(store, key, round)),
              ...Array.from({ length: 3 }, () => work(store)),
            ]),
          )
        }
        expect(most).toBe(1)
        expect(deadlocks(errors)).toEqual([])
      })

      it('purge and erase beside deliveries, without a deadlock', { timeout: 60_000 }, async () => {
        const errors: unknown[] = []
        const stores = Array.from({ length: 4 }, () => database.another({ onError: (error) => errors.push(error) }))
        const old = keysOf('old', 400)
        await Promise.all(old.map((key) => begun(database.store, key, { as: 'failed' })))
        await database.rows(`UPDATE ${database.table} SET last_received_at = last_received_at - 100000000,
        first_received_at = first_received_at - 100000000`)
        await database.rows(`UPDATE ${database.table}_about SET first_received_at = first_received_at - 100000000`)
        const young = keysOf('young', 50)
        await Promise.all(young.map((key) => begun(database.store, key)))
        await Promise.all([
          ...stores.map((store) => store.purge({ namespace: '', keepMs: 10_000_000, limit: 10_000 })),
          ...stores.flatMap((store, index) =>
            keysOf('beside', 100).map(async (key) => {
              const entry = entryOf(`${key}_${index % 2}`)
              const answer = await store.begin(entry)
              if (answer.status === 'begun') await store.finish(entry.hash, entry.token, HANDLED)
            }),
          ),
          ...young.map((key) => stores[0]?.erase({ namespace: '', hash: hashOf(key) })),
        ])
        expect(deadlocks(errors)).toEqual([])
        const rest = await database.rows(`SELECT count(*) AS rest FROM ${database.table}_content AS content
        WHERE NOT EXISTS (SELECT 1 FROM ${database.table} AS entry WHERE entry.id = content.entry_id)`)
        expect(Number(rest[0]?.rest)).toBe(0)
      })

      it('migrate at once', async () => {
        await Promise.all(Array.from({ length: 5 }, () => database.another().migrate()))
        const token = newToken()
        const entry = entryOf('after migrating', { token })
        await database.store.begin(entry)
        expect(await database.store.finish(entry.hash, token, HANDLED)).toBe(true)
      })
    })
  },
)
