import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DATABASES, type Database } from './databases.js'
import { aboutOf, attemptOf, begun, entryOf, HANDLED, hashOf, KEY_ID, keysOf, LEASE_MS, newToken } from './entries.js'

/** Far more than the calls take, far less than the transaction is open. */
const AT_ONCE_MS = 5_000

describe.each(DATABASES.map((database) => [database.name, database] as const))(
  'while a transaction of %s holds an entry',
  (_name, { isAbsent, open }) => {
    describe.skipIf(isAbsent)('nothing waits for it:', () => {
      let database: Database

      beforeAll(async () => {
        database = await open()
      })
      afterAll(() => database?.close())

      /** A transaction that has marked an entry, and is open while `act` runs. */
      async function held(
        key: string,
        act: (entry: { hash: string; token: string }) => Promise<void>,
        leaseMs = LEASE_MS,
      ) {
        const entry = await begun(database.store, key, { leaseMs, about: [aboutOf(key)] })
        const transaction = await database.begin()
        await database.store.finishWithin(transaction.within, entry.hash, entry.token)
        try {
          const startedAt = performance.now()
          await act(entry)
          expect(performance.now() - startedAt).toBeLessThan(AT_ONCE_MS)
        } finally {
          await transaction.commit()
        }
        expect(await database.store.begin(entryOf(key))).toEqual({ status: 'handled' })
      }

      it('100 other events begin and end, and 30 duplicates are told that it is in flight', async () => {
        const stores = [database.store, database.another()]
        await held('held', async () => {
          const duplicates = Array.from({ length: 30 }, async (_, index) => {
            const answer = await (stores[index % 2] ?? database.store).begin(entryOf('held'))
            expect(answer.status).toBe('in-flight')
          })
          const others = keysOf('other', 100).map(async (key, index) => {
            const store = stores[index % 2] ?? database.store
            const { hash, token } = await begun(store, key)
            expect(await store.finish(hash, token, HANDLED)).toBe(true)
          })
          await Promise.all([...duplicates, ...others])
        })
      })

      it('no delivery, replay or worker takes it over when its lease ends', async () => {
        await held(
          'lapsing',
          async ({ hash }) => {
            await new Promise((resolve) => setTimeout(resolve, 100))
            const rerun = { namespace: '', hash, token: newToken(), leaseMs: LEASE_MS, keyIds: [KEY_ID], maxFormat: 1 }
            expect(await database.another().begin(entryOf('lapsing'))).toEqual({ status: 'in-flight', retryAfterMs: 1 })
            expect(await database.store.rerun(rerun)).toEqual({ status: 'in-flight' })
            expect(
              await database.store.take({
                namespace: '',
                limit: 10,
                leaseMs: LEASE_MS,
                keyIds: [KEY_ID],
                maxFormat: 1,
              }),
            ).toEqual([])
          },
          50,
        )
      })

      it('it is found and read, and others are purged and erased', async () => {
        await begun(database.store, 'beside', { as: 'failed', about: [aboutOf('beside')] })
        await held('found', async ({ hash }) => {
          expect((await database.store.read('', hash))?.state).toBe('received')
          expect(
            await database.store.find({ namespace: '', order: 'newest', limit: 10, about: [aboutOf('found')] }),
          ).toHaveLength(1)
          await database.store.purge({ namespace: '', keepMs: 0, limit: 10_000 })
          expect(await database.store.read('', hash)).toBeDefined()
          expect(await database.store.read('', hashOf('beside'))).toBeUndefined()
        })
      })

      it('its token says after a while that it can do nothing meanwhile', { timeout: 30_000 }, async () => {
        await held('busy', async ({ hash, token }) => {
          const calls = [
            database.store.extend(hash, token, LEASE_MS),
            database.another().finish(hash, token, HANDLED),
            database.another().erase({ namespace: '', hash }),
          ]
          const results = await Promise.allSettled(calls)
          expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
        })
      })

      it('attempts that are noted meanwhile are written once it has ended', { timeout: 30_000 }, async () => {
        let noting: Promise<void> | undefined
        await held('noted', async () => {
          noting = database.store.note({ namespace: '', keyHash: hashOf('noted') }, attemptOf({ kind: 'in-flight' }))
          await new Promise((resolve) => setTimeout(resolve, 100))
        })
        await noting
        expect((await database.store.read('', hashOf('noted')))?.attempts).toMatchObject([
          { number: 2, kind: 'in-flight' },
        ])
      })
    })
  },
)
