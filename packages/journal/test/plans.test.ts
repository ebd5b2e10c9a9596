import type { JournalStore, RowQuery } from '@mailbox-hooks/core/journal'
import { sqliteJournalStore } from '@mailbox-hooks/journal'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { DRIVERS, type SqliteDatabase } from '../../core/test/stores/sql/sqlite-drivers.js'
import { DATABASES, type Database } from './databases.js'
import { aboutOf, attemptOf, begun, hashOf, KEY_ID, keysOf, LEASE_MS } from './entries.js'

const driver = DRIVERS.find(({ isAbsent }) => !isAbsent)

/** Queries as a person makes them. Each has a low limit, because a small table is soon read as a whole. */
const FINDS: readonly (readonly [string, Partial<RowQuery>])[] = [
  ['the newest', {}],
  ['the newest beyond one', { after: { at: Date.now() + 1e9, hash: hashOf('entry_5') } }],
  ['the oldest since a time', { order: 'oldest', since: 1 }],
  ['those of a token', { about: [aboutOf('entry_1')] }],
  ['those of several tokens', { about: [aboutOf('entry_1'), aboutOf('entry_2')], type: 'x' }],
  ['those that failed', { states: ['failed'] }],
  ['those that are open', { states: ['failed', 'dead', 'queued', 'received'], order: 'oldest' }],
]

const find = (store: JournalStore, query: Partial<RowQuery>) =>
  store.find({ namespace: '', order: 'newest', limit: 5, ...query })

const TAKING = { namespace: '', leaseMs: LEASE_MS, keyIds: [KEY_ID], maxFormat: 1 }

const take = (store: JournalStore) => store.take({ ...TAKING, limit: 20 })

/** As long as that of a mail. */
const meta = Buffer.alloc(500, 'meta')
const sealed = { keyId: KEY_ID, format: 1, meta, content: Buffer.from('content') }

/** Few of many entries can be found by each. */
async function fill(store: JournalStore): Promise<void> {
  const entries = keysOf('entry', 3_000).map(async (key, index) => {
    const { hash, token } = await begun(store, key, { sealed })
    const state = index % 100 === 0 ? 'failed' : 'handled'
    await store.finish(hash, token, { state, next: 'never', attempt: attemptOf() })
  })
  await Promise.all(entries)
}

interface Statement {
  readonly sql: string
  readonly values: readonly unknown[]
}

describe.each(DATABASES.map((database) => [database.name, database] as const))(
  'the plans of %s',
  (name, { isAbsent, open }) => {
    describe.skipIf(isAbsent)('with 3,000 entries', () => {
      let database: Database
      let watched: JournalStore
      let last: Statement[] = []

      beforeAll(async () => {
        database = await open()
        await fill(database.store)
        const { table } = database
        const statistics =
          name === 'MariaDB' ? `ANALYZE TABLE ${table}, ${table}_about` : `ANALYZE ${table}; ANALYZE ${table}_about`
        await database.rows(statistics)
        watched = database.another({ onStatement: (sql, values) => last.push({ sql, values }) })
      }, 60_000)
      afterAll(() => database?.close())

      /** How the database would run what was run last: each table, and how it is read. */
      async function plansOf(act: () => Promise<unknown>): Promise<string[]> {
        last = []
        await act()
        const plans: string[] = []
        for (const { sql, values } of last.filter(({ sql }) => sql.includes(database.table))) {
          const rows = await database.rows(`EXPLAIN ${sql}`, values)
          plans.push(
            ...rows.map((row) => (name === 'MariaDB' ? `${row.table} ${row.type}` : String(row['QUERY PLAN']))),
          )
        }
        return plans
      }

      const isScan = (line: string) => /Seq Scan|^(entry|about|attempt|mailbox_hooks\w+) (ALL|index)/.test(line)

      it.each(FINDS)('read no table as a whole for %s', async (_, query) => {
        const plans = await plansOf(() => find(watched, query))
        expect(plans.length).toBeGreaterThan(2)
        expect(plans.filter(isScan)).toEqual([])
      })

      it('read the statistics of an index alone', async () => {
        if (name === 'MariaDB') {
          await plansOf(() => watched.stats(''))
          const [row] = await database.rows(`EXPLAIN ${last[0]!.sql}`, last[0]!.values)
          return expect([row?.key, row?.Extra]).toEqual(['stats', expect.stringContaining('Using index')])
        }
        // Rows that a transaction of anybody in the database may still see are cleaned up once it has ended.
        const cleanPlans = async () => {
          await database.rows(`VACUUM ${database.table}`)
          return (await plansOf(() => watched.stats(''))).join()
        }
        await expect.poll(cleanPlans, { timeout: 30_000, interval: 250 }).toContain('Index Only Scan')
      })

      it('read no table as a whole for what is due', async () => {
        expect((await plansOf(() => take(watched))).filter(isScan)).toEqual([])
      })

      it('read the entries by an index for what is old', async () => {
        const plans = await plansOf(() => watched.purge({ namespace: '', keepMs: 1e9, limit: 5 }))
        expect(plans.filter(isScan)).toEqual([])
      })
    })
  },
)

/** A statement is planned once, and the tables may be empty then. */
describe('the plans of PostgreSQL before the tables have statistics', () => {
  const { isAbsent, open } = DATABASES.find(({ name }) => name === 'PostgreSQL')!

  const WRITES: readonly (readonly [string, (store: JournalStore) => Promise<unknown>])[] = [
    ['a delivery', (store) => begun(store, 'entry')],
    [
      'the end of a run',
      (store) => store.finish(hashOf('entry'), 'token', { state: 'handled', next: 'never', attempt: attemptOf() }),
    ],
    ['a note', (store) => store.note({ namespace: '', keyHash: hashOf('entry') }, attemptOf())],
    ['what is due', take],
    ['a replay', (store) => store.rerun({ ...TAKING, hash: hashOf('entry'), token: 'token' })],
    ['an extension', (store) => store.extend(hashOf('entry'), 'token', LEASE_MS)],
    [
      'a lookup of newer ones',
      (store) => store.hasNewer!({ namespace: '', about: [aboutOf('entry')], occurredAfter: 1, since: 1 }),
    ],
    ['what is old', (store) => store.purge({ namespace: '', keepMs: 1e9, limit: 250 })],
  ]

  it.skipIf(isAbsent).each(WRITES)('read no table as a whole for %s', async (_, act) => {
    const database = await open()
    onTestFinished(() => database.close())
    const seen: Statement[] = []
    await act(database.another({ onStatement: (sql, values) => seen.push({ sql, values }) }))
    const own = seen.filter(({ sql }) => sql.includes(database.table))
    expect(own.length).toBeGreaterThan(0)
    for (const { sql, values } of own) {
      const plan = (await database.rows(`EXPLAIN ${sql}`, values)).map((row) => String(row['QUERY PLAN']))
      expect(plan.filter((line) => /Seq Scan|_stats /.test(line))).toEqual([])
    }
  })
})

describe.skipIf(driver === undefined)('the plans of SQLite', () => {
  let database: SqliteDatabase
  let store: JournalStore
  let last: Statement[] = []

  beforeAll(async () => {
    database = driver!.open(':memory:')
    const prepare = (sql: string) => {
      const statement = database.prepare(sql)
      const all = (...values: unknown[]) => {
        last.push({ sql, values })
        return statement.all(...values)
      }
      return { run: statement.run.bind(statement), get: statement.get.bind(statement), all }
    }
    store = sqliteJournalStore({ prepare, exec: (sql) => database.exec(sql) })
    await store.migrate()
    await fill(store)
  })
  afterAll(() => database?.close())

  async function scansOf(act: () => Promise<unknown>): Promise<string[]> {
    last = []
    await act()
    expect(last.length).toBeGreaterThan(0)
    const plans = last.flatMap(({ sql, values }) => database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...values))
    const details = plans.map((plan) => (plan as { readonly detail: string }).detail)
    return details.filter((detail) => /^SCAN (entry|about|attempt|mailbox_hooks)/.test(detail))
  }

  it.each(FINDS)('read no table as a whole for %s', async (_, query) => {
    expect(await scansOf(() => find(store, query))).toEqual([])
  })

  it('read the statistics of an index alone', async () => {
    await scansOf(() => store.stats(''))
    const [{ detail }] = database.prepare(`EXPLAIN QUERY PLAN ${last[0]!.sql}`).all('') as [{ detail: string }]
    expect(detail).toContain('USING COVERING INDEX mailbox_hooks_journal_stats')
  })

  it('read no table as a whole for what is due', async () => {
    expect(await scansOf(() => take(store))).toEqual([])
  })

  it('read no table as a whole for what is old', async () => {
    expect(await scansOf(() => store.purge({ namespace: '', keepMs: 1e9, limit: 5 }))).toEqual([])
  })
})
