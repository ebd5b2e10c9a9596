import { mysqlStore, type SqlStore } from '@mailbox-hooks/core/sql'
import { createPool, type Pool, type PoolConnection, type PoolOptions, type RowDataPacket } from 'mysql2/promise'
import { afterAll, assert, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { findMysql, runName } from '../../../../../test/servers/services.js'
import { receiving } from './receiving.js'

const ABOUT = { provider: 'openmail', type: 'message.received' }
const LEASE_MS = 15_000
const RETENTION_MS = 60_000

const mysql = await findMysql()

describe.skipIf(mysql.isAbsent)('mysqlStore', () => {
  const table = runName()
  let admin: Pool

  beforeAll(async () => {
    admin = createPool({ uri: mysql.url, connectionLimit: 2 })
    await mysqlStore(admin, { table }).migrate()
  })
  afterAll(async () => {
    await admin?.query(`DROP TABLE ${table}, ${table}_entities`)
    await admin?.end()
  })

  /** A store on one connection of this kind, which says all of this when it is opened. */
  function storeOn(options: PoolOptions, ...statements: readonly string[]): { store: SqlStore; pool: Pool } {
    const pool = createPool({ uri: mysql.url, connectionLimit: 1, ...options })
    pool.pool.on('connection', (connection) => {
      for (const statement of statements) connection.query(statement)
    })
    onTestFinished(() => pool.end())
    return { store: mysqlStore(pool, { table }), pool }
  }

  /** Returns the answers about a key, from its claim to its end. */
  async function lifeOf(store: SqlStore, key: string): Promise<unknown[]> {
    const [claim, other] = await Promise.all([store.claim(key, LEASE_MS, ABOUT), store.claim(`${key}_`, 1, ABOUT)])
    assert(claim.status === 'claimed' && other.status === 'claimed')
    const second = await store.claim(key, LEASE_MS, ABOUT)
    const isExtended = await store.extend(key, claim.token, LEASE_MS)
    const settled = await Promise.all([
      store.complete(key, claim.token, RETENTION_MS),
      store.release(`${key}_`, other.token),
    ])
    const isDone = await store.isDone(key, claim.token)
    const third = await store.claim(key, LEASE_MS, ABOUT)
    const positions = [await store.position(key, { at: 7, retentionMs: RETENTION_MS }), await store.position(key)]
    return [second.status, isExtended, ...settled, isDone, third.status, ...positions]
  }
  const LIFE = ['in-flight', true, true, true, true, 'done', 7, 7]

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
    expect(await lifeOf(store, `client:${name}`)).toEqual(LIFE)
  })

  const CHARSETS = ['latin1_swedish_ci', 'ascii_general_ci', 'utf8_general_ci', 'gbk_chinese_ci', 'sjis_japanese_ci']

  it.each(CHARSETS)('keeps any character on a connection of the charset %s', async (charset) => {
    const key = `${charset}:é ß 日本 😀 "\\`
    const { store } = storeOn({ charset })
    expect(await lifeOf(store, key)).toEqual(LIFE)
    const [rows] = await admin.query<RowDataPacket[]>(
      `SELECT event_key AS name FROM ${table} WHERE key_hash = unhex(sha2(?, 256))
      UNION ALL SELECT entity FROM ${table}_entities WHERE key_hash = unhex(sha2(?, 256))`,
      [key, key],
    )
    expect(rows.map(({ name }) => name)).toEqual([key, key])
  })

  it('keeps any character where the charset was changed by a statement', async () => {
    const { store } = storeOn({}, 'SET NAMES latin1')
    expect(await lifeOf(store, 'named:é 😀')).toEqual(LIFE)
  })

  /** Whether the key is free for everybody: nothing of the store that failed is left, be it a row or a lock. */
  const isFree = async (key: string) => (await mysqlStore(admin, { table }).claim(key, 1, ABOUT)).status === 'claimed'

  const NOT_COMMITTED: Readonly<Record<string, readonly [statements: readonly string[], sentence: RegExp]>> = {
    'autocommit=0': [['SET autocommit = 0'], /autocommit/],
    'a transaction that was left open': [['START TRANSACTION'], /transaction is open/],
    'transactions that follow each other': [['SET completion_type = CHAIN', 'BEGIN', 'COMMIT'], /transaction is open/],
  }

  describe.each(Object.entries(NOT_COMMITTED))('on a session with %s', (name, [statements, sentence]) => {
    it('refuses to begin', async () => {
      await expect(storeOn({}, ...statements).store.migrate()).rejects.toThrow(sentence)
    })

    it('refuses the first delivery with a sentence, and leaves nothing behind', async () => {
      const { store } = storeOn({}, ...statements)
      const { answerTo, outcomes } = receiving(store)
      expect(await answerTo(name)).toContain('store_unavailable')
      expect(outcomes[0]?.message).toMatch(sentence)
      expect(await isFree(`openmail:${name}`)).toBe(true)
    })
  })

  it('refuses a mark that would not be committed', async () => {
    const { store, pool } = storeOn({})
    const claim = await store.claim('late', LEASE_MS, ABOUT)
    assert(claim.status === 'claimed')
    await pool.query('SET autocommit = 0')
    await expect(store.complete('late', claim.token, RETENTION_MS)).rejects.toThrow(/autocommit/)
    await pool.query('SET autocommit = 1')
    expect(await store.complete('late', claim.token, RETENTION_MS)).toBe(true)
  })

  it('ends its own transactions on sessions in which they follow each other', async () => {
    const { store } = storeOn({}, 'SET completion_type = CHAIN')
    const keys = Array.from({ length: 20 }, (_, index) => `chained:${index}`)
    for (let round = 0; round < 2; round++) {
      const claims = await Promise.all(keys.map((key) => store.claim(`${round}${key}`, LEASE_MS, ABOUT)))
      const settled = await Promise.all(
        claims.map((claim, index) => {
          assert(claim.status === 'claimed')
          return store.complete(`${round}${keys[index]}`, claim.token, RETENTION_MS)
        }),
      )
      expect(settled).toEqual(keys.map(() => true))
    }
    expect((await mysqlStore(admin, { table }).claim('1chained:19', 1, ABOUT)).status).toBe('done')
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
    const store = mysqlStore(changed, { table })
    const { answerTo, outcomes } = receiving(store)
    expect(await answerTo('capitals')).toContain('store_unavailable')
    expect(outcomes[0]?.message).toMatch(/rows in a form/)
    await expect(store.migrate()).rejects.toThrow(/rows in a form/)
  })
})
