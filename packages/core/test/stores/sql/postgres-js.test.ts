import { postgresStore } from '@mailbox-hooks/core/sql'
import postgresJs from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findPostgres, runName } from '../../../../../test/servers/services.js'
import { DUPLICATE, receiving } from './receiving.js'

const postgres = await findPostgres()

describe.skipIf(postgres.isAbsent)('postgresStore by postgres.js', () => {
  const table = runName()
  let sql: postgresJs.Sql

  beforeAll(async () => {
    sql = postgresJs(postgres.url, { max: 3 })
    await postgresStore(sql, { table }).migrate()
  })
  afterAll(async () => {
    await sql?.unsafe(`DROP TABLE ${table}, ${table}_entities`)
    await sql?.end()
  })

  it('marks within a transaction', async () => {
    const { accept, answerTo } = receiving(postgresStore(sql, { table }))
    const { delivery, settle } = await accept('evt_1')
    await sql.begin((within) => delivery.complete({ within }))
    expect(await settle(200)).toBeUndefined()
    expect(await answerTo('evt_1')).toBe(DUPLICATE)
  })

  it('knows a mark that was rolled back', async () => {
    const { accept } = receiving(postgresStore(sql, { table, prepare: false }))
    const { delivery, settle } = await accept('evt_2')
    const rolledBack = sql.begin(async (within) => {
      await delivery.complete({ within })
      throw new Error('no')
    })
    await expect(rolledBack).rejects.toThrow('no')
    expect(await settle(200)).toMatchObject({ status: 503 })
    await accept('evt_2')
  })

  it('marks on no connection of the pool', async () => {
    const { accept } = receiving(postgresStore(sql, { table }))
    const { delivery } = await accept('evt_3')
    await expect(delivery.complete({ within: sql })).rejects.toThrow(TypeError)
    const other = postgresJs(postgres.url, { max: 1 })
    await expect(delivery.complete({ within: other })).rejects.toThrow('this is a pool')
    await other.end()
  })

  it('is refused in a transaction, and on a reserved connection', async () => {
    await sql.begin(async (transaction) => {
      expect(() => postgresStore(transaction)).toThrow('Pass sql itself')
    })
    const reserved = await sql.reserve()
    expect(() => postgresStore(reserved)).toThrow('Pass sql itself')
    reserved.release()
  })

  it('says so when the rows have another form', async () => {
    const camel = postgresJs(postgres.url, { max: 1, transform: postgresJs.camel })
    await expect(postgresStore(camel, { table }).migrate()).rejects.toThrow('in a form that the store cannot read')
    await camel.end()
  })
})

it('reads the SQLSTATE where Bun has it', async () => {
  const refused: Record<string, boolean> = {}
  const unsafe = async (text: string, values?: unknown[], options?: { prepare?: boolean }) => {
    if (values === undefined) return [{ hash: '', is_open: 'false', now_ms: String(Date.now()) }]
    if (options?.prepare) {
      refused[text] = true
      throw Object.assign(new Error('unknown'), { code: 'ERR_POSTGRES_SERVER_ERROR', errno: '26000' })
    }
    return [{ hash: values[0], state: 'won', left_ms: '0', now_ms: String(Date.now()) }]
  }
  const store = postgresStore(Object.assign(() => {}, { unsafe }))
  expect(await store.claim('a', 1000, { provider: 'openmail', type: 'message.received' })).toMatchObject({
    status: 'claimed',
  })
  expect(Object.keys(refused)).toHaveLength(1)
})
