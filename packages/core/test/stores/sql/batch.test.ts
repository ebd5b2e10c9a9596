import { type SqlStore, sqliteStore } from '@mailbox-hooks/core/sql'
import { afterAll, assert, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { titled } from '../../../../testing/src/titled.js'
import { DATABASES, type Database } from './databases.js'
import { describeDrivers, type SqliteDatabase } from './sqlite-drivers.js'

const COUNT = 50
const LEASE_MS = 15_000
const ABOUT = { provider: 'openmail', type: 'message.received' }

/** Claims so many new events at the same moment. Resolves to their tokens. */
async function claimAll(store: SqlStore, name: string): Promise<string[]> {
  const claims = Array.from({ length: COUNT }, (_, index) => store.claim(`${name}_${index}`, LEASE_MS, ABOUT))
  return (await Promise.all(claims)).map((claim) => {
    assert(claim.status === 'claimed', claim.status)
    return claim.token
  })
}

describe.each(titled(DATABASES, 'name'))(`${COUNT} events that are claimed at once in %s`, ({ isAbsent, open }) => {
  describe.skipIf(isAbsent)('are sent', () => {
    let database: Database
    let statements: number
    const onStatement = () => {
      statements += 1
    }

    beforeAll(async () => {
      database = await open()
    })
    beforeEach(() => {
      statements = 0
    })
    afterAll(() => database?.close())

    it('in a few statements by default', async () => {
      await claimAll(database.another({ onStatement }), 'together')
      expect(statements).toBeGreaterThan(0)
      expect(statements).toBeLessThan(COUNT / 4)
    })

    it('and settled together, each by its own token', async () => {
      const store = database.another()
      const tokens = await claimAll(store, 'settled')
      tokens[COUNT - 1] = 'a token that does not hold'
      const settled = tokens.map((token, index) => store.complete(`settled_${index}`, token, LEASE_MS))
      expect(await Promise.all(settled)).toEqual(tokens.map((_token, index) => index < COUNT - 1))
      expect(await store.claim('settled_0', LEASE_MS, ABOUT)).toEqual({ status: 'done' })
      expect(await store.claim(`settled_${COUNT - 1}`, LEASE_MS, ABOUT)).toMatchObject({ status: 'in-flight' })
    })

    it('each by itself with batch: false', async () => {
      await claimAll(database.another({ onStatement, batch: false }), 'apart')
      expect(statements).toBeGreaterThanOrEqual(COUNT)
    })
  })
})

describeDrivers(`${COUNT} events that are claimed at once in SQLite by %s`, ({ open }) => {
  let database: SqliteDatabase
  let transactions: number

  beforeAll(async () => {
    database = open(':memory:')
    await sqliteStore(database).migrate()
    const exec = database.exec.bind(database)
    database.exec = (sql) => {
      if (sql === 'COMMIT') transactions += 1
      return exec(sql)
    }
  })
  beforeEach(() => {
    transactions = 0
  })
  afterAll(() => void database?.close())

  it('are one transaction by default', async () => {
    await claimAll(sqliteStore(database), 'together')
    expect(transactions).toBe(1)
  })

  it('are one transaction each with batch: false', async () => {
    await claimAll(sqliteStore(database, { batch: false }), 'apart')
    expect(transactions).toBe(COUNT)
  })
})
