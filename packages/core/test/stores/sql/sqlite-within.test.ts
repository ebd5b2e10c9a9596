import { sqliteStore } from '@mailbox-hooks/core/sql'
import { beforeEach, expect, it } from 'vitest'
import { findBetterSqlite3 } from '../../../../../test/servers/better-sqlite3.js'
import { DUPLICATE, IN_FLIGHT, receiving } from './receiving.js'
import { describeDrivers, type SqliteDatabase } from './sqlite-drivers.js'

const ABOUT = { provider: 'openmail', type: 'message.received' }

describeDrivers('a mark within a transaction of SQLite, by %s,', ({ open }) => {
  let database: SqliteDatabase
  let received: ReturnType<typeof receiving>

  beforeEach(async () => {
    database = open(':memory:')
    const store = sqliteStore(database)
    await store.migrate()
    database.exec('CREATE TABLE orders (id TEXT NOT NULL)')
    received = receiving(store)
  })

  /** As `database.transaction()` of the drivers runs a function: it knows nothing of promises. */
  function transaction(act: () => void): void {
    database.exec('BEGIN')
    try {
      act()
      database.exec('COMMIT')
    } catch (error) {
      database.exec('ROLLBACK')
      throw error
    }
  }
  const order = () => database.prepare("INSERT INTO orders VALUES ('order')").run()
  const countOf = (table: string) => database.prepare(`SELECT count(*) AS n FROM ${table}`).get()

  it('is there when the call returns, and the promise need not be awaited', async () => {
    const { delivery, settle } = await received.accept('evt_1')
    transaction(() => {
      order()
      delivery.complete({ within: database })
    })
    expect(await settle(200)).toBeUndefined()
    expect(await received.answerTo('evt_1')).toBe(DUPLICATE)
    expect(countOf('orders')).toMatchObject({ n: 1 })
  })

  it('is made once, also when one transaction asks for it several times', async () => {
    const { delivery, settle } = await received.accept('evt_1')
    const other = await received.accept('evt_2')
    transaction(() => {
      database.exec('SAVEPOINT first')
      for (const { delivery: each } of [{ delivery }, other, { delivery }, other]) each.complete({ within: database })
      database.exec('ROLLBACK TO first')
      order()
      for (const { delivery: each } of [{ delivery }, other, { delivery }, other]) each.complete({ within: database })
    })
    expect(await settle(200)).toBeUndefined()
    expect(await other.settle(200)).toBeUndefined()
    expect(await received.answerTo('evt_1')).toBe(DUPLICATE)
    expect(await received.answerTo('evt_2')).toBe(DUPLICATE)
    expect(countOf('orders')).toMatchObject({ n: 1 })
  })

  it('is refused to a later transaction, unless the first was rolled back', async () => {
    const { delivery, settle } = await received.accept('evt_1')
    const other = await received.accept('evt_2')
    const twice = () => {
      delivery.complete({ within: database })
      delivery.complete({ within: database })
    }
    expect(() =>
      transaction(() => {
        twice()
        throw new Error('planted')
      }),
    ).toThrow('planted')
    transaction(twice)
    expect(() =>
      transaction(() => {
        order()
        delivery.complete({ within: database })
      }),
    ).toThrow(/claim was lost/)
    expect(() =>
      transaction(() => {
        other.delivery.complete({ within: database })
        order()
        delivery.complete({ within: database })
      }),
    ).toThrow(/claim was lost/)
    expect(await settle(200)).toBeUndefined()
    await other.settle(500)
    expect(await received.answerTo('evt_1')).toBe(DUPLICATE)
    expect(countOf('orders')).toMatchObject({ n: 0 })
  })

  it('is refused after a rollback to a savepoint, for what an earlier transaction had marked', async () => {
    const { delivery } = await received.accept('evt_1')
    const other = await received.accept('evt_2')
    transaction(() => void delivery.complete({ within: database }))
    expect(() =>
      transaction(() => {
        database.exec('SAVEPOINT first')
        other.delivery.complete({ within: database })
        database.exec('ROLLBACK TO first')
        delivery.complete({ within: database })
      }),
    ).toThrow(/claim was lost/)
  })

  it('vanishes with the transaction: a 2xx becomes a 503, and the event is handled again', async () => {
    const { delivery, settle } = await received.accept('evt_1')
    expect(() =>
      transaction(() => {
        delivery.complete({ within: database })
        throw new Error('planted')
      }),
    ).toThrow('planted')
    expect(await settle(200)).toMatchObject({ status: 503 })
    await received.accept('evt_1')
  })

  it('counts for nothing while the transaction is open, because it may still be rolled back', async () => {
    const { delivery, settle } = await received.accept('evt_1')
    database.exec('BEGIN')
    delivery.complete({ within: database })
    // The handler's own connection sees its mark, though nobody else does.
    expect(await settle(200)).toMatchObject({ status: 503 })
    database.exec('ROLLBACK')
    expect(received.outcomes.at(-1)).toMatchObject({ code: 'mark_not_committed' })
  })

  it('is found by a later delivery when the transaction is committed after the answer', async () => {
    const { delivery, settle } = await received.accept('evt_1')
    database.exec('BEGIN')
    delivery.complete({ within: database })
    expect(await settle(200)).toMatchObject({ status: 503 })
    database.exec('COMMIT')
    expect(await received.answerTo('evt_1')).toBe(DUPLICATE)
  })

  it('throws at once when the claim was lost, so that the transaction rolls back', async () => {
    const { delivery } = await received.accept('evt_1')
    database.exec('UPDATE mailbox_hooks_events SET expires_at = claimed_at')
    await received.accept('evt_1')
    expect(() =>
      transaction(() => {
        order()
        delivery.complete({ within: database })
      }),
    ).toThrow(/claim was lost/)
    expect(countOf('orders')).toMatchObject({ n: 0 })
    expect(await received.answerTo('evt_1')).toBe(IN_FLIGHT)
  })

  it('throws at once when the event was given back meanwhile, as by a time limit that has answered', async () => {
    const { delivery, settle } = await received.accept('evt_1')
    await settle(503)
    expect(() =>
      transaction(() => {
        order()
        delivery.complete({ within: database })
      }),
    ).toThrow(/claim was lost/)
    expect(countOf('orders')).toMatchObject({ n: 0 })
    await received.accept('evt_1')
  })

  it('is refused outside of a transaction, and for what is no database', async () => {
    const { delivery } = await received.accept('evt_1')
    for (const within of [database, null, {}, async () => ({ rowCount: 1 })]) {
      expect(() => delivery.complete({ within })).toThrow(TypeError)
    }
  })

  it('does not get company: a claim is refused while a transaction is open on the database', async () => {
    const store = sqliteStore(database)
    database.exec('BEGIN')
    await expect(store.claim('evt_1', 15_000, ABOUT)).rejects.toThrow(/transaction is open/)
    database.exec('ROLLBACK')
    expect(await store.claim('evt_1', 15_000, ABOUT)).toMatchObject({ status: 'claimed' })
    expect(countOf('mailbox_hooks_events')).toMatchObject({ n: 1 })
  })
})

const BetterSqlite3 = findBetterSqlite3()

it.skipIf(BetterSqlite3 === undefined)('fits the transaction() of better-sqlite3', async () => {
  // As the line above says, it is there.
  const database = new BetterSqlite3!(':memory:')
  const store = sqliteStore(database)
  await store.migrate()
  const { accept, answerTo } = receiving(store)
  const { delivery, settle } = await accept('evt_1')
  database.transaction(() => {
    delivery.complete({ within: database })
  })()
  expect(await settle(200)).toBeUndefined()
  expect(await answerTo('evt_1')).toBe(DUPLICATE)
})
