import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { titled } from '../../../../testing/src/titled.js'
import { DATABASES, type Database, type Transaction } from './databases.js'
import { DUPLICATE, IN_FLIGHT, receiving } from './receiving.js'

const NOT_COMMITTED = { status: 503, body: '{"received":false,"error":"mark_not_committed"}' }

describe.each(titled(DATABASES, 'name'))('a mark within a transaction of %s', ({ name, isAbsent, open }) => {
  describe.skipIf(isAbsent)('is there', () => {
    let database: Database
    let numberOfEvents = 0
    let id = ''

    beforeAll(async () => {
      database = await open()
    })
    beforeEach(() => {
      id = `evt_${numberOfEvents++}`
    })
    afterAll(() => database?.close())

    const order = (transaction: Transaction) => transaction.run(`INSERT INTO ${database.orders} (id) VALUES ('${id}')`)
    const orders = () => database.rows(`SELECT id FROM ${database.orders} WHERE id = '${id}'`)

    it('when the transaction is committed', async () => {
      const { accept, answerTo, outcomes } = receiving(database.store)
      const { delivery, settle } = await accept(id)
      const transaction = await database.begin()
      await order(transaction)
      expect(await delivery.complete({ within: transaction.within })).toBe(true)
      expect(await answerTo(id)).toBe(IN_FLIGHT)
      await transaction.commit()
      expect(await answerTo(id)).toBe(DUPLICATE)
      expect(await settle(200)).toBeUndefined()
      expect(outcomes.at(-1)).toMatchObject({ kind: 'handled', status: 200, settled: true })
      expect(await orders()).toHaveLength(1)
    })

    it('whatever the handler answers after the commit', async () => {
      const { accept, answerTo, outcomes } = receiving(database.store)
      const { delivery, settle } = await accept(id)
      const transaction = await database.begin()
      await delivery.complete({ within: transaction.within })
      await transaction.commit()
      expect(await settle(500)).toBeUndefined()
      expect(outcomes.at(-1)).toMatchObject({ kind: 'handled', status: 500, settled: true })
      expect(await answerTo(id)).toBe(DUPLICATE)
    })

    it('also when the transaction was tried a second time', async () => {
      const { accept, answerTo } = receiving(database.store)
      const { delivery, settle } = await accept(id)
      for (const end of ['rollback', 'commit'] as const) {
        const transaction = await database.begin()
        await order(transaction)
        await delivery.complete({ within: transaction.within })
        await transaction[end]()
      }
      expect(await settle(200)).toBeUndefined()
      expect(await answerTo(id)).toBe(DUPLICATE)
      expect(await orders()).toHaveLength(1)
    })

    it('once, when one transaction marks it several times, also after a rollback to a savepoint', async () => {
      const { accept, answerTo, outcomes } = receiving(database.store)
      const { delivery, settle } = await accept(id)
      const transaction = await database.begin()
      const mark = () => delivery.complete({ within: transaction.within })
      await transaction.run('SAVEPOINT first')
      expect(await mark()).toBe(true)
      expect(await mark()).toBe(true)
      await transaction.run('ROLLBACK TO SAVEPOINT first')
      expect(await mark()).toBe(true)
      await transaction.run('SAVEPOINT second')
      expect(await mark()).toBe(true)
      await transaction.run('ROLLBACK TO SAVEPOINT second')
      expect(await mark()).toBe(true)
      await order(transaction)
      await transaction.commit()
      expect(await settle(200)).toBeUndefined()
      expect(outcomes.at(-1)).toMatchObject({ kind: 'handled', status: 200, settled: true })
      expect(await answerTo(id)).toBe(DUPLICATE)
      expect(await orders()).toHaveLength(1)
    })

    it('by two marks for two events in one transaction, each made twice', async () => {
      const { accept, answerTo } = receiving(database.store)
      const accepted = [await accept(id), await accept(`${id}_other`)]
      const transaction = await database.begin()
      for (const { delivery } of [...accepted, ...accepted]) {
        expect(await delivery.complete({ within: transaction.within })).toBe(true)
      }
      await transaction.commit()
      for (const { settle } of accepted) expect(await settle(200)).toBeUndefined()
      expect(await answerTo(id)).toBe(DUPLICATE)
      expect(await answerTo(`${id}_other`)).toBe(DUPLICATE)
    })

    it('in a repeated transaction, only if the first one was rolled back', async () => {
      const { accept, answerTo } = receiving(database.store)
      const { delivery, settle } = await accept(id)
      const first = await database.begin()
      await delivery.complete({ within: first.within })
      await delivery.complete({ within: first.within })
      await first.rollback()
      const second = await database.begin()
      await delivery.complete({ within: second.within })
      await order(second)
      await second.commit()
      // As after a commit whose answer was lost: the work is done, so this must roll back.
      const third = await database.begin()
      await order(third)
      await expect(delivery.complete({ within: third.within })).rejects.toThrow(/claim was lost/)
      await third.rollback()
      expect(await settle(200)).toBeUndefined()
      expect(await answerTo(id)).toBe(DUPLICATE)
      expect(await orders()).toHaveLength(1)
    })

    it('in the first of two transactions on one connection, also when the second has marked another event', async () => {
      const { accept } = receiving(database.store)
      const [one, other] = [await accept(id), await accept(`${id}_other`)]
      const transaction = await database.begin()
      await one.delivery.complete({ within: transaction.within })
      await transaction.run('COMMIT')
      await transaction.run('BEGIN')
      await other.delivery.complete({ within: transaction.within })
      await expect(one.delivery.complete({ within: transaction.within })).rejects.toThrow(/claim was lost/)
      await transaction.rollback()
      await one.settle(200)
      await other.settle(500)
    })

    it('in a transaction that sees one snapshot, made first, though its lease is extended meanwhile', async () => {
      const extend = vi.spyOn(database.store, 'extend')
      onTestFinished(() => extend.mockRestore())
      const { accept, answerTo } = receiving(database.store, { leaseMs: 300 })
      const { delivery, settle } = await accept(id)
      const transaction = await database.begin()
      if (name.includes('PostgreSQL')) await transaction.run('SET TRANSACTION ISOLATION LEVEL SERIALIZABLE')
      await delivery.complete({ within: transaction.within })
      await vi.waitUntil(() => extend.mock.calls.length > 0)
      await order(transaction)
      await transaction.commit()
      expect(await settle(200)).toBeUndefined()
      expect(await answerTo(id)).toBe(DUPLICATE)
      expect(await orders()).toHaveLength(1)
    })

    it('by a function that runs a statement', async () => {
      const { accept, answerTo } = receiving(database.store)
      const { delivery, settle } = await accept(id)
      const transaction = await database.begin()
      const within = async (sql: string, params: unknown[]) => {
        const result = await (transaction.within as { query(sql: string, params: unknown[]): Promise<unknown> }).query(
          sql,
          params,
        )
        return { rowCount: countOf(result) }
      }
      await delivery.complete({ within })
      await transaction.commit()
      expect(await settle(200)).toBeUndefined()
      expect(await answerTo(id)).toBe(DUPLICATE)
    })
  })

  describe.skipIf(isAbsent)('is not there, and the event is handled again,', () => {
    let database: Database

    beforeAll(async () => {
      database = await open()
    })
    afterAll(() => database?.close())

    it('when the transaction was rolled back and the handler failed', async () => {
      const { accept, outcomes } = receiving(database.store)
      const { delivery, settle } = await accept('evt_failed')
      const transaction = await database.begin()
      await delivery.complete({ within: transaction.within })
      await transaction.rollback()
      expect(await settle(500)).toBeUndefined()
      expect(outcomes.at(-1)).toMatchObject({ kind: 'failed', status: 500, settled: true })
      await accept('evt_failed')
    })

    it('turns a 2xx into a 503 when the transaction was rolled back silently', async () => {
      const { accept, outcomes } = receiving(database.store)
      const { delivery, settle } = await accept('evt_swallowed')
      const transaction = await database.begin()
      await delivery.complete({ within: transaction.within })
      await transaction.rollback()
      expect(await settle(200)).toMatchObject(NOT_COMMITTED)
      expect(outcomes.at(-1)).toMatchObject({
        kind: 'failed',
        status: 503,
        code: 'mark_not_committed',
        settled: true,
      })
      await accept('evt_swallowed')
    })

    it('when the handler answers before it commits, unless it commits later', async () => {
      const { accept, answerTo } = receiving(database.store)
      const { delivery, settle } = await accept('evt_hasty')
      const transaction = await database.begin()
      await delivery.complete({ within: transaction.within })
      expect(await settle(200)).toMatchObject(NOT_COMMITTED)
      expect(await answerTo('evt_hasty')).toBe(IN_FLIGHT)
      await transaction.commit()
      expect(await answerTo('evt_hasty')).toBe(DUPLICATE)
    })

    it('when the claim was lost: it throws, and nothing of the transaction remains', async () => {
      const { accept, answerTo } = receiving(database.store)
      const { delivery, settle } = await accept('evt_lost')
      // As a process would find it that stood still for longer than its lease.
      await database.rows(`UPDATE ${database.events} SET expires_at = claimed_at WHERE event_key = '${delivery.id}'`)
      const second = await accept('evt_lost')
      const transaction = await database.begin()
      await transaction.run(`INSERT INTO ${database.orders} (id) VALUES ('evt_lost')`)
      await expect(delivery.complete({ within: transaction.within })).rejects.toThrow(/claim was lost/)
      await transaction.rollback()
      expect(await settle(500)).toBeUndefined()
      expect(await answerTo('evt_lost')).toBe(IN_FLIGHT)
      await second.settle(200)
      expect(await answerTo('evt_lost')).toBe(DUPLICATE)
      expect(await database.rows(`SELECT id FROM ${database.orders} WHERE id = 'evt_lost'`)).toEqual([])
    })

    it('when what was passed is no transaction: a TypeError', async () => {
      const { accept } = receiving(database.store)
      const { delivery, settle } = await accept('evt_wrong')
      for (const within of [database.pool, null, {}, 'BEGIN', async () => undefined, async () => ({})]) {
        await expect(delivery.complete({ within })).rejects.toThrow(TypeError)
      }
      await settle(500)
      await accept('evt_wrong')
    })
  })
})

function countOf(result: unknown): number {
  const { rowCount, affectedRows } = (Array.isArray(result) ? result[0] : result) as Record<string, number>
  return rowCount ?? affectedRows ?? Number.NaN
}
