import { setTimeout as wait } from 'node:timers/promises'
import type { SqlStore } from '@mailbox-hooks/core/sql'
import { afterAll, assert, beforeAll, describe, expect, it } from 'vitest'
import { titled } from '../../../../testing/src/titled.js'
import { DATABASES, type Database } from './databases.js'

const ABOUT = { provider: 'openmail', type: 'message.received' }
const LEASE_MS = 15_000
const RETENTION_MS = 60_000
/** Far more than the calls take, far less than the transaction is open. */
const AT_ONCE_MS = 2_500

async function granted(store: SqlStore, key: string, leaseMs = LEASE_MS): Promise<string> {
  const claim = await store.claim(key, leaseMs, ABOUT)
  assert(claim.status === 'claimed', `${key} is ${claim.status}`)
  return claim.token
}

describe.each(titled(DATABASES, 'name'))('while a transaction of %s holds a marked event', ({ isAbsent, open }) => {
  describe.skipIf(isAbsent)('nothing waits for it:', () => {
    let database: Database

    beforeAll(async () => {
      database = await open()
    })
    afterAll(() => database?.close())

    /** A transaction that is open while `act` runs, and is committed afterwards. */
    async function held(key: string, leaseMs: number, act: (token: string) => Promise<void>) {
      const token = await granted(database.store, key, leaseMs)
      const transaction = await database.begin()
      await database.store.complete(key, token, RETENTION_MS, { within: transaction.within })
      try {
        const startedAt = performance.now()
        await act(token)
        expect(performance.now() - startedAt).toBeLessThan(AT_ONCE_MS)
      } finally {
        await transaction.commit()
      }
      expect(await database.store.claim(key, LEASE_MS, ABOUT)).toEqual({ status: 'done' })
    }

    it('200 other events are claimed and completed, and 50 duplicates are told that it is in flight', async () => {
      const stores = [database.store, database.another()]
      await held('held', LEASE_MS, async () => {
        const duplicates = Array.from({ length: 50 }, async (_, index) => {
          const claim = await (stores[index % 2] ?? database.store).claim('held', LEASE_MS, ABOUT)
          expect(claim.status).toBe('in-flight')
        })
        const others = Array.from({ length: 200 }, async (_, index) => {
          const store = stores[index % 2] ?? database.store
          const token = await granted(store, `other_${index}`)
          expect(await store.complete(`other_${index}`, token, RETENTION_MS)).toBe(true)
        })
        await Promise.all([...duplicates, ...others])
      })
    })

    it('is not taken over when its lease ends, alone or in a batch', async () => {
      await held('lapsing', 50, async () => {
        await wait(100)
        const keys = ['lapsing', ...Array.from({ length: 20 }, (_, index) => `beside_${index}`)]
        const alone = await database.another().claim('lapsing', LEASE_MS, ABOUT)
        const claims = await Promise.all(keys.map((key) => database.store.claim(key, LEASE_MS, ABOUT)))
        expect(alone.status).toBe('in-flight')
        expect(claims.map(({ status }) => status)).toEqual(['in-flight', ...Array(20).fill('claimed')])
      })
    })

    it('its token says soon that it can do nothing meanwhile, and others are settled beside it', async () => {
      const neighbours = Array.from({ length: 20 }, (_, index) => `neighbour_${index}`)
      const tokens = await Promise.all(neighbours.map((key) => granted(database.store, key)))
      await held('busy', LEASE_MS, async (token) => {
        const settled = neighbours.map((key, index) => database.store.release(key, tokens[index] ?? ''))
        const calls = [database.store.extend('busy', token, LEASE_MS), database.another().release('busy', token)]
        const refused = calls.map((call) => expect(call).rejects.toThrow(/holds a lock on the row/))
        expect(await Promise.all(settled)).toEqual(Array(20).fill(true))
        await Promise.all(refused)
      })
    })

    it('events whose retention has ended are purged', async () => {
      await database.store.complete('old', await granted(database.store, 'old'), 1)
      await held('kept', LEASE_MS, async () => {
        await wait(20)
        expect(await database.store.purge()).toBeGreaterThan(0)
      })
    })
  })
})
