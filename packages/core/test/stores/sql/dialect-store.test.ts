import { sqliteStore } from '@mailbox-hooks/core/sql'
import Libsql from 'libsql'
import { describe, expect, it, vi } from 'vitest'
import { BATCHED } from '../../../src/stores/sql/batcher.js'
import type { ClaimRow, Dialect, Found, SettleRow } from '../../../src/stores/sql/dialect.js'
import { isConflict, isReadOnly, isRefusal, RefusedRow } from '../../../src/stores/sql/sql-errors.js'
import { sqlStore } from '../../../src/stores/sql/sql-store.js'

const ABOUT = { provider: 'openmail', type: 'message.received' }
const DAY_MS = 24 * 3600_000
const CENTURY_MS = 100 * 365 * DAY_MS

/** A store on a database that answers as it is told. */
function setUp(
  answers: Partial<Record<'claim' | 'settle' | 'purge', (...args: never[]) => unknown>> = {},
  canLoseAnswers = true,
) {
  const asked: unknown[][] = []
  const dialect = {
    canLoseAnswers,
    limits: BATCHED,
    migrate: async () => void asked.push(['migrate']),
    claim: async (rows: readonly ClaimRow[]) => {
      asked.push(['claim', ...rows])
      const found = (answers.claim as (() => Found) | undefined)?.() ?? { state: 'won', leftMs: 0 }
      return new Map(rows.map(({ hash }) => [hash, found]))
    },
    settle: async (rows: readonly SettleRow[]) => {
      asked.push(['settle', ...rows])
      return new Map(rows.map(({ hash }) => [hash, (answers.settle as (() => boolean) | undefined)?.() ?? true]))
    },
    purge: async (...args: readonly number[]) => {
      asked.push(['purge', ...args])
      return (answers.purge as ((limit: number) => number) | undefined)?.(args[0]!) ?? 0
    },
  } as unknown as Dialect
  return { asked, store: sqlStore(dialect, { table: 'events', batch: true }) }
}

const claimOf = (found: Found) => setUp({ claim: () => found }).store.claim('evt_1', 15_000, ABOUT)

describe('a claim', () => {
  it.each<[Found, object]>([
    [
      { state: 'won', leftMs: 0 },
      { status: 'claimed', token: expect.any(String) },
    ],
    [{ state: 'done', leftMs: 1 }, { status: 'done' }],
    [
      { state: 'claimed', leftMs: 7 },
      { status: 'in-flight', retryAfterMs: 7 },
    ],
    // Another process completes it, or takes it over, at this moment.
    [
      { state: 'done', leftMs: 0 },
      { status: 'in-flight', retryAfterMs: 1 },
    ],
    [
      { state: 'released', leftMs: -7 },
      { status: 'in-flight', retryAfterMs: 1 },
    ],
  ])('of a row that is %j', async (found, claim) => {
    expect(await claimOf(found)).toEqual(claim)
  })

  it('that came too late is made again, three times in all', async () => {
    let late = 2
    const { asked, store } = setUp({ claim: (): Found => ({ state: late-- > 0 ? 'late' : 'won', leftMs: 0 }) })
    expect(await store.claim('evt_1', 15_000, ABOUT)).toMatchObject({ status: 'claimed' })
    expect(asked).toHaveLength(3)
    await expect(claimOf({ state: 'late', leftMs: 0 })).rejects.toThrow('The database ran the claim too late.')
  })

  it('is for a century at most, which is what databases can represent', async () => {
    const { asked, store } = setUp()
    const { token } = (await store.claim('evt_1', Number.MAX_VALUE, ABOUT)) as { token: string }
    await store.extend('evt_1', token, Number.MAX_VALUE)
    await store.complete('evt_1', token, Number.MAX_VALUE)
    await store.release('evt_1', token)
    const rows = asked.map(([name, row]) => [name, { ...(row as object), hash: '' }])
    expect(rows).toMatchObject([
      ['claim', { key: 'evt_1', leaseMs: CENTURY_MS, token, provider: 'openmail', type: 'message.received' }],
      ['settle', { state: 'claimed', ms: CENTURY_MS, token }],
      ['settle', { state: 'done', ms: CENTURY_MS, token }],
      ['settle', { state: 'released', ms: 0, token }],
    ])
  })

  // It may have been run: then nobody else knows its token.
  it.each<[string, object, boolean, boolean]>([
    ['whose answer was lost is released once the database answers', { code: 'ECONNRESET' }, true, true],
    ['that was refused was not written', { code: '22001' }, true, false],
    ['in this process was not written', { code: 'ECONNRESET' }, false, false],
  ])('%s', async (_what, failure, canLoseAnswers, isReleased) => {
    let fails = true
    const claim = (): Found => {
      if (fails) throw Object.assign(new Error('planted'), failure)
      return { state: 'won', leftMs: 0 }
    }
    const { asked, store } = setUp({ claim }, canLoseAnswers)
    await expect(store.claim('evt_1', 15_000, ABOUT)).rejects.toThrow('planted')
    fails = false
    await store.claim('evt_2', 15_000, ABOUT)
    const isThere = () => asked.some(([name, row]) => name === 'settle' && (row as SettleRow).state === 'released')
    if (isReleased) await vi.waitFor(() => expect(isThere()).toBe(true))
    else await new Promise(setImmediate)
    expect(isThere()).toBe(isReleased)
  })
})

describe('a purge', () => {
  it.each<[string, object, (limit: number) => number, readonly unknown[], number]>([
    ['ends with fewer rows than a statement may delete', {}, () => 999, [[1_000, 7 * DAY_MS]], 999],
    [
      'goes on while there are as many',
      { limit: 2_500 },
      (limit) => limit,
      [
        [1_000, 7 * DAY_MS],
        [1_000, 7 * DAY_MS],
        [500, 7 * DAY_MS],
      ],
      2_500,
    ],
    ['keeps what was not handled as long as is asked for', { keepUnhandledMs: DAY_MS }, () => 0, [[1_000, DAY_MS]], 0],
    ['keeps it for a century at most', { keepUnhandledMs: 2 * CENTURY_MS }, () => 0, [[1_000, CENTURY_MS]], 0],
    ['deletes 10,000 rows', {}, (limit) => limit, Array(10).fill([1_000, 7 * DAY_MS]), 10_000],
  ])('%s', async (_what, options, deleted, asked, total) => {
    const { asked: calls, store } = setUp({ purge: deleted as never })
    expect(await store.purge(options)).toBe(total)
    expect(calls.map(([, ...args]) => args)).toEqual(asked)
  })

  it('keeps what was not handled as long as the longest retention', async () => {
    const { asked, store } = setUp()
    await store.complete('evt_1', 'token', 9 * DAY_MS)
    await store.complete('evt_1', 'token', DAY_MS)
    await store.purge()
    expect(asked.at(-1)).toEqual(['purge', 1_000, 9 * DAY_MS])
    await expect(store.purge({ keepUnhandledMs: DAY_MS - 1 })).rejects.toThrow(
      `purge: keepUnhandledMs must be a number of at least ${DAY_MS}`,
    )
  })
})

describe('an error of a database', () => {
  it.each<[string, object, readonly [boolean, boolean, boolean]]>([
    ['a deadlock of PostgreSQL', { code: '40P01' }, [true, false, false]],
    ['its lock_timeout', { code: '55P03' }, [true, false, false]],
    ['a conflict of MySQL, by its state', { code: 'ER_X', sqlState: '40001' }, [true, false, false]],
    ['a deadlock of MySQL, by its number', { code: 'ER_X', errno: 1213 }, [true, false, false]],
    ['a busy SQLite', { code: 'SQLITE_BUSY_SNAPSHOT' }, [true, false, false]],
    ['a busy node:sqlite', { code: 'ERR_SQLITE_ERROR', errcode: 517 }, [true, false, false]],
    ['a busy libsql without a name', { rawCode: 5 }, [true, false, false]],
    ['wrong data', { code: '22001' }, [false, true, false]],
    ['wrong data in MySQL', { code: 'ER_X', sqlState: '22001' }, [false, true, false]],
    ['a constraint of SQLite', { code: 'SQLITE_CONSTRAINT_NOTNULL' }, [false, true, false]],
    ['a constraint of node:sqlite', { errcode: 1299 }, [false, true, false]],
    ['a read-only PostgreSQL', { code: '25006' }, [false, true, true]],
    ['a read-only MySQL', { code: 'ER_X', sqlState: 'HY000', errno: 1290 }, [false, true, true]],
    ['a read-only SQLite', { code: 'SQLITE_READONLY_DBMOVED' }, [false, false, true]],
    ['a read-only node:sqlite', { errcode: 8 }, [false, false, true]],
    ['a lost connection', { code: 'ECONNRESET' }, [false, false, false]],
    ['no error of a database', {}, [false, false, false]],
  ])('is told by what clients say of it: %s', (_what, error, [conflict, refusal, readOnly]) => {
    expect([isConflict(error), isRefusal(error), isReadOnly(error)]).toEqual([conflict, refusal, readOnly])
    expect(isRefusal(new RefusedRow())).toBe(true)
  })
})

describe('a database for sqliteStore', () => {
  it.each<[string, unknown, RegExp]>([
    ['nothing', undefined, /^sqliteStore: pass a database of better-sqlite3, libsql, node:sqlite or bun:sqlite$/],
    ['no prepare', { exec() {} }, /^sqliteStore: pass a database/],
    ['no exec', { prepare() {} }, /^sqliteStore: pass a database/],
    ['sql.js', { prepare() {}, exec() {}, getRowsModified() {} }, /^sqliteStore: a database of sql\.js/],
    ['promises', { exec() {}, prepare: async () => ({}) }, /^sqliteStore: this database uses promises, .*bun:sqlite$/],
    [
      'promises of rows',
      { exec() {}, prepare: () => ({ get: async () => ({}) }) },
      /^sqliteStore: this database uses promises/,
    ],
  ])('is refused at start: %s', (_what, database, message) => {
    const create = () => sqliteStore(database as never)
    expect(create).toThrow(TypeError)
    expect(create).toThrow(message)
  })

  it('may be closed: its first statement says so', () => {
    const closed = {
      exec() {},
      prepare: () => {
        throw new Error('closed')
      },
    }
    expect(() => sqliteStore(closed as never)).not.toThrow()
  })

  async function open() {
    const database = new Libsql(':memory:') as unknown as Parameters<typeof sqliteStore>[0]
    const store = sqliteStore(database)
    await store.migrate()
    return { database, store }
  }

  it('with an open transaction takes no claim, which a rollback would undo', async () => {
    const { database, store } = await open()
    database.exec('BEGIN')
    const message = /^sqliteStore: a transaction is open on this database, .*its own database handle$/
    await expect(store.claim('evt_1', 15_000, ABOUT)).rejects.toThrow(message)
    await expect(store.isDone('evt_1', 'token')).rejects.toThrow(message)
    database.exec('ROLLBACK')
    expect(await store.claim('evt_1', 15_000, ABOUT)).toMatchObject({ status: 'claimed' })
  })

  it('marks in a transaction, once and again, and nothing for a wrong token', async () => {
    const { database, store } = await open()
    const { token } = (await store.claim('evt_1', 15_000, ABOUT)) as { token: string }
    expect(() => store.complete('evt_1', token, DAY_MS, { within: database })).toThrow(
      /inside database\.transaction\(\), without an await before it$/,
    )
    expect(() => store.complete('evt_1', token, DAY_MS, { within: {} })).toThrow(TypeError)
    database.exec('BEGIN')
    expect(() => store.complete('evt_1', 'wrong', DAY_MS, { within: database })).toThrow(/^The claim was lost/)
    for (let count = 0; count < 2; count++)
      expect(await store.complete('evt_1', token, DAY_MS, { within: database })).toBe(true)
    database.exec('COMMIT')
    expect(await store.isDone('evt_1', token)).toBe(true)
    database.exec('BEGIN')
    expect(() => store.complete('evt_1', token, DAY_MS, { within: database })).toThrow(/^The claim was lost/)
    database.exec('ROLLBACK')
  })

  it('is purged of events and positions together', async () => {
    const { database, store } = await open()
    for (const key of ['a', 'b', 'c']) {
      const { token } = (await store.claim(key, 15_000, ABOUT)) as { token: string }
      await store.complete(key, token, 1)
      await store.position(key, { at: 1, retentionMs: 1 })
    }
    await store.position('kept', { at: 1, retentionMs: DAY_MS })
    for (const table of ['mailbox_hooks_events', 'mailbox_hooks_events_entities'])
      database.exec(
        `UPDATE ${table} SET expires_at = '2020-01-01 00:00:00.000' WHERE expires_at < strftime('%Y-%m-%d %H:%M:%f', 'now', '+1 hour')`,
      )
    expect(await store.purge({ limit: 4 })).toBe(4)
    expect(await store.purge()).toBe(2)
    expect(await store.position('kept')).toBe(1)
  })
})
