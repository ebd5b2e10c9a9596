import { PGlite } from '@electric-sql/pglite'
import { type PostgresClientLike, postgresStore } from '@mailbox-hooks/core/sql'
import pg from 'pg'
import { afterAll, assert, beforeAll, describe, expect, it } from 'vitest'
import { findPostgres, runName } from '../../../../../test/servers/services.js'
import { DUPLICATE, receiving } from './receiving.js'

const ABOUT = { provider: 'openmail', type: 'message.received' }
const LEASE_MS = 15_000

const postgres = await findPostgres()

it('postgresStore refuses at once what cannot work', () => {
  for (const wrong of [undefined, null, 'postgres://127.0.0.1', {}]) {
    // As a caller without types may pass it.
    expect(() => postgresStore(wrong as unknown as PostgresClientLike)).toThrow(TypeError)
  }
  const client = { query: async () => ({ rows: [] }) }
  expect(() => postgresStore(client, { prepare: 'no' as unknown as boolean })).toThrow(TypeError)
})

describe.skipIf(postgres.isAbsent)('postgresStore on a single pg.Client', () => {
  const table = runName()
  let client: pg.Client

  beforeAll(async () => {
    client = new pg.Client({ connectionString: postgres.url })
    await client.connect()
    await postgresStore(client, { table }).migrate()
  })
  afterAll(async () => {
    await client?.query(`DROP TABLE ${table}, ${table}_entities`)
    await client?.end()
  })

  const prepared = async () => {
    const { rows } = await client.query(
      "SELECT statement FROM pg_prepared_statements WHERE name LIKE 'mailbox_hooks_%'",
    )
    return rows.length
  }

  it('prepares each statement once, and none with prepare: false', async () => {
    const unprepared = postgresStore(client, { table, prepare: false })
    await unprepared.claim('unprepared', LEASE_MS, ABOUT)
    expect(await prepared()).toBe(0)
    for (const store of [postgresStore(client, { table }), postgresStore(client, { table })]) {
      for (const key of ['a', 'b']) await store.claim(key, LEASE_MS, ABOUT)
    }
    expect(await prepared()).toBe(1)
  })

  it('does one thing after the other', async () => {
    const store = postgresStore(client, { table })
    const keys = Array.from({ length: 50 }, (_, index) => `one_by_one_${index}`)
    const claims = await Promise.all(keys.map((key) => store.claim(key, LEASE_MS, ABOUT)))
    expect(claims.filter(({ status }) => status === 'claimed')).toHaveLength(50)
  })

  it('refuses what it was drawn into by a transaction that had not begun when it was asked', async () => {
    const store = postgresStore(client, { table })
    const begun = client.query('BEGIN')
    const claimed = store.claim('drawn_in', LEASE_MS, ABOUT)
    const refused = expect(claimed).rejects.toThrow(/a transaction is open/)
    await begun
    await refused
    await client.query('ROLLBACK')
    expect(await store.claim('drawn_in', LEASE_MS, ABOUT)).toMatchObject({ status: 'claimed' })
  })

  it('refuses to work in a foreign transaction, and to mark on its own connection', async () => {
    const store = postgresStore(client, { table })
    const claim = await store.claim('refused', LEASE_MS, ABOUT)
    assert(claim.status === 'claimed')
    await client.query('BEGIN')
    await expect(store.claim('other', LEASE_MS, ABOUT)).rejects.toThrow(/transaction is open/)
    await expect(store.complete('refused', claim.token, 1, { within: client })).rejects.toThrow(TypeError)
    await client.query('ROLLBACK')
    expect(await store.claim('other', LEASE_MS, ABOUT)).toMatchObject({ status: 'claimed' })
  })
})

describe('postgresStore on PGlite', () => {
  let database: PGlite

  beforeAll(async () => {
    database = await PGlite.create()
    await postgresStore(database).migrate()
  })
  afterAll(() => database.close())

  it('marks within a transaction of PGlite', async () => {
    const { accept, answerTo } = receiving(postgresStore(database))
    const { delivery, settle } = await accept('evt_1')
    await database.transaction((within) => delivery.complete({ within }))
    expect(await settle(200)).toBeUndefined()
    expect(await answerTo('evt_1')).toBe(DUPLICATE)
  })

  it('knows a mark that was rolled back', async () => {
    const { accept } = receiving(postgresStore(database))
    const { delivery, settle } = await accept('evt_2')
    await database.transaction(async (within) => {
      await delivery.complete({ within })
      await within.rollback()
    })
    expect(await settle(200)).toMatchObject({ status: 503 })
    await accept('evt_2')
  })
})
