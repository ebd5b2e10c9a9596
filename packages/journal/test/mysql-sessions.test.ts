import type { JournalStore } from '@mailbox-hooks/core/journal'
import { mysqlJournalStore } from '@mailbox-hooks/journal'
import { createPool, type Pool, type PoolConnection, type PoolOptions } from 'mysql2/promise'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { findMysql, runName } from '../../../test/servers/services.js'
import { begun, entryOf, hashOf, LEASE_MS } from './entries.js'
import { LIFE, lifeOf } from './life-of-rows.js'
import { TABLES } from './time-passes.js'

const mysql = await findMysql()

describe.skipIf(mysql.isAbsent)('mysqlJournalStore', () => {
  const table = runName()
  let admin: Pool

  beforeAll(async () => {
    admin = createPool({ uri: mysql.url, connectionLimit: 2 })
    await mysqlJournalStore(admin, { table }).migrate()
  })
  afterAll(async () => {
    for (const suffix of [...TABLES, '_meta']) await admin?.query(`DROP TABLE ${table}${suffix}`)
    await admin?.end()
  })

  /** A store on one connection of this kind, which says all of this when it is opened. */
  function storeOn(options: PoolOptions, ...statements: readonly string[]) {
    const pool = createPool({ uri: mysql.url, connectionLimit: 1, ...options })
    pool.pool.on('connection', (connection) => {
      for (const statement of statements) connection.query(statement)
    })
    onTestFinished(() => pool.end())
    return { store: mysqlJournalStore(pool, { table }), pool }
  }

  const CLIENTS: Readonly<Record<string, PoolOptions>> = {
    'typeCast: false': { typeCast: false },
    'a typeCast that changes values': { typeCast: () => 'changed' },
    nestTables: { nestTables: true },
    'nestTables with a separator': { nestTables: '_' },
    rowsAsArray: { rowsAsArray: true },
    namedPlaceholders: { namedPlaceholders: true },
    'numbers as texts': { supportBigNumbers: true, bigNumberStrings: true },
    decimalNumbers: { decimalNumbers: true },
    dateStrings: { dateStrings: true },
    disableEval: { disableEval: true },
    'the number of changed rows in place of those found': { flags: ['-FOUND_ROWS'] },
    'the charset binary': { charset: 'binary' },
  }

  it.each(Object.entries(CLIENTS))('reads its rows by a pool with %s', async (name, options) => {
    const { store } = storeOn(options)
    await store.migrate()
    expect(await lifeOf(store, `client ${name}`)).toEqual(LIFE)
  })

  const CHARSETS = ['latin1_swedish_ci', 'ascii_general_ci', 'utf8_general_ci', 'gbk_chinese_ci', 'sjis_japanese_ci']

  it.each(CHARSETS)('keeps any character on a connection of the charset %s', async (charset) => {
    expect(await lifeOf(storeOn({ charset }).store, `charset ${charset}`)).toEqual(LIFE)
  })

  it('keeps any character where the charset was changed by a statement', async () => {
    expect(await lifeOf(storeOn({}, 'SET NAMES latin1').store, 'names')).toEqual(LIFE)
  })

  /** Whether the key is free for everybody: nothing of the store that failed is left, be it a row or a lock. */
  const isFree = async (key: string) =>
    (await mysqlJournalStore(admin, { table }).begin(entryOf(key, { leaseMs: 1 }))).status === 'begun'

  const NOT_COMMITTED: Readonly<Record<string, readonly [statements: readonly string[], sentence: RegExp]>> = {
    'autocommit=0': [['SET autocommit = 0'], /autocommit/],
    'a transaction that was left open': [['START TRANSACTION'], /transaction is open/],
    'transactions that follow each other': [['SET completion_type = CHAIN', 'BEGIN', 'COMMIT'], /transaction is open/],
  }

  describe.each(Object.entries(NOT_COMMITTED))('on a session with %s', (name, [statements, sentence]) => {
    it('refuses to begin', async () => {
      await expect(storeOn({}, ...statements).store.migrate()).rejects.toThrow(sentence)
    })

    it('refuses whatever writes, with a sentence, and leaves nothing behind', async () => {
      const entry = await begun(mysqlJournalStore(admin, { table }), `held on ${name}`)
      const attempt = { state: 'failed', next: 'never', attempt: undefined } as const
      const writes: Readonly<Record<string, (store: Required<JournalStore>) => Promise<unknown>>> = {
        begin: (store) => store.begin(entryOf(name)),
        extend: (store) => store.extend(entry.hash, entry.token, LEASE_MS),
        finish: (store) => store.finish(entry.hash, entry.token, attempt),
        erase: (store) => store.erase({ namespace: '', hash: entry.hash }),
        take: (store) => store.take({ namespace: '', limit: 1, leaseMs: 1, keyIds: ['x'], maxFormat: 1 }),
        purge: (store) => store.purge({ namespace: '', keepMs: 0, limit: 10 }),
      }
      for (const [what, write] of Object.entries(writes)) {
        await expect(write(storeOn({}, ...statements).store), what).rejects.toThrow(sentence)
      }
      expect(await isFree(name)).toBe(true)
      expect((await mysqlJournalStore(admin, { table }).read('', hashOf(`held on ${name}`)))?.state).toBe('received')
    })
  })

  it('ends its own transactions on sessions in which they follow each other', async () => {
    const { store } = storeOn({}, 'SET completion_type = CHAIN')
    for (let round = 0; round < 3; round++) expect(await lifeOf(store, `chained ${round}`)).toEqual(LIFE)
  })

  it('names rows that it cannot read, at the first statement', async () => {
    const pool = createPool({ uri: mysql.url, connectionLimit: 1 })
    onTestFinished(() => pool.end())
    const inCapitals = (rows: unknown) =>
      Array.isArray(rows)
        ? rows.map((row) => Object.fromEntries(Object.entries(row).map(([k, v]) => [k.toUpperCase(), v])))
        : rows
    const execute = (on: Pool | PoolConnection) => async (statement: Parameters<Pool['execute']>[0]) => {
      const [rows, fields] = await on.execute(statement)
      return [inCapitals(rows), fields]
    }
    const changed = {
      execute: execute(pool),
      getConnection: async () => {
        const connection = await pool.getConnection()
        return new Proxy(connection, {
          get: (target, name) => {
            if (name === 'execute') return execute(target)
            const member = Reflect.get(target, name)
            return typeof member === 'function' ? member.bind(target) : member
          },
        })
      },
    }
    const store = mysqlJournalStore(changed, { table })
    await expect(store.begin(entryOf('capitals'))).rejects.toThrow(/rows in a form/)
    await expect(store.migrate()).rejects.toThrow(/rows in a form/)
    expect(await isFree('capitals')).toBe(true)
  })
})
