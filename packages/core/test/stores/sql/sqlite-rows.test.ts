import { type SqliteDatabaseLike, type SqlStore, sqliteStore } from '@mailbox-hooks/core/sql'
import { assert, expect, it, onTestFinished } from 'vitest'
import { receiving } from './receiving.js'
import { describeDrivers, type SqliteDatabase } from './sqlite-drivers.js'

const ABOUT = { provider: 'openmail', type: 'message.received' }
const LEASE_MS = 15_000
const RETENTION_MS = 60_000

/** A database with the switch that some drivers have for all of their statements. */
type Switches = SqliteDatabase & { defaultSafeIntegers?(on: boolean): unknown }
type Statement = ReturnType<SqliteDatabaseLike['prepare']>

async function lifeOf(store: SqlStore, key: string): Promise<unknown[]> {
  const claim = await store.claim(key, LEASE_MS, ABOUT)
  assert(claim.status === 'claimed')
  const second = await store.claim(key, LEASE_MS, ABOUT)
  const isCompleted = await store.complete(key, claim.token, RETENTION_MS)
  const third = await store.claim(key, LEASE_MS, ABOUT)
  const positions = [await store.position(key, { at: 7, retentionMs: RETENTION_MS }), await store.position(key)]
  return [second, isCompleted, await store.isDone(key, claim.token), third, ...positions, await store.purge()]
}
const LIFE = [
  { status: 'in-flight', retryAfterMs: expect.closeTo(LEASE_MS, -4) },
  true,
  true,
  { status: 'done' },
  7,
  7,
  0,
]

const boundTo = (statement: Statement): Statement => ({
  run: (...values) => statement.run(...values),
  get: (...values) => statement.get(...values),
  all: (...values) => statement.all(...values),
})

describeDrivers('sqliteStore by %s', ({ name, open }) => {
  it('reads its rows where all integers are BigInts and all rows are lists', async () => {
    const database: Switches = open(':memory:', { readBigInts: true, returnArrays: true })
    onTestFinished(() => void database.close())
    database.defaultSafeIntegers?.(true)
    const store = sqliteStore(database)
    await store.migrate()
    expect(await lifeOf(store, name)).toEqual(LIFE)
  })

  it.each<[string, (statement: Statement) => Statement]>([
    ['rows', (statement) => ({ ...boundTo(statement), get: () => ({}) })],
    ['counts', (statement) => ({ ...boundTo(statement), run: () => ({}) as never })],
  ])('names what it cannot read, and claims nothing: %s', async (what, change) => {
    const database = open(':memory:')
    onTestFinished(() => void database.close())
    await sqliteStore(database).migrate()
    await sqliteStore(database).claim('held', LEASE_MS, ABOUT)
    const odd = sqliteStore({ prepare: (sql) => change(database.prepare(sql)), exec: (sql) => database.exec(sql) })
    const { answerTo, outcomes } = receiving(odd)
    await expect(odd.claim('held', LEASE_MS, ABOUT)).rejects.toThrow(/rows in a form/)
    await expect(odd.migrate()).rejects.toThrow(/rows in a form/)
    if (what === 'rows') return
    expect(await answerTo('evt_1')).toContain('store_unavailable')
    expect(outcomes[0]?.message).toMatch(/rows in a form/)
    expect((await sqliteStore(database).claim('openmail:evt_1', 1, ABOUT)).status).toBe('claimed')
  })

  it('says so when nothing can be written', async () => {
    const database = open(':memory:')
    onTestFinished(() => void database.close())
    const store = sqliteStore(database)
    await store.migrate()
    database.exec('PRAGMA query_only = on')
    const { answerTo, outcomes } = receiving(store)
    expect(await answerTo('evt_1')).toContain('store_unavailable')
    expect(outcomes[0]?.message).toMatch(/The database is read-only\. Is it a replica\?$/)
  })

  it('purges events that failed or were never settled, when they are as old as handled ones become', async () => {
    const database = open(':memory:')
    onTestFinished(() => void database.close())
    const store = sqliteStore(database)
    await store.migrate()
    for (const key of ['failed', 'lapsed', 'done', 'over']) {
      const claim = await store.claim(key, LEASE_MS, ABOUT)
      assert(claim.status === 'claimed')
      if (key === 'failed') await store.release(key, claim.token)
      if (key === 'lapsed') await store.extend(key, claim.token, 0.001)
      if (key === 'done') await store.complete(key, claim.token, 30 * 24 * 3600_000)
      if (key === 'over') await store.complete(key, claim.token, 0.001)
    }
    const age = (time: string) =>
      database.exec(
        `UPDATE mailbox_hooks_events SET expires_at = strftime('%Y-%m-%d %H:%M:%f', expires_at, '-${time}')`,
      )
    age('25 hours')
    expect(await store.purge({ keepUnhandledMs: 7 * 24 * 3600_000 })).toBe(1)
    age('6 days')
    expect(await store.purge()).toBe(0)
    expect(await store.purge({ keepUnhandledMs: 7 * 24 * 3600_000 })).toBe(2)
  })
})
