import { mysqlStore, postgresStore, type SqlStoreOptions, sqliteStore } from '@mailbox-hooks/core/sql'
import { describe, expect, it } from 'vitest'

const nothing = async () => ({ rows: [] })
const pool = { execute: async () => [], getConnection: () => Promise.reject(new Error('not asked')) }
const database = {
  prepare: () => ({ run: () => ({ changes: 0 }), get: () => undefined, all: () => [] }),
  exec: () => {},
}

const STORES: readonly (readonly [string, (options?: SqlStoreOptions) => ReturnType<typeof sqliteStore>])[] = [
  ['postgresStore', (options) => postgresStore({ query: nothing }, options)],
  ['mysqlStore', (options) => mysqlStore(pool, options)],
  ['sqliteStore', (options) => sqliteStore(database, options)],
]

describe.each(STORES)('the options of %s', (name, create) => {
  it.each<[string, unknown, string]>([
    ['a misspelt one', { tabel: 'x' }, 'there is no option tabel; do you mean table?'],
    ['the table alone', 'webhooks', 'the options must be an object, { table, batch'],
    ['a table without a name', { table: '' }, 'table must be the name of a table, of at most 43 bytes'],
    ['a table that is no text', { table: 7 }, 'table must be the name of a table'],
    ['a batch that is a number', { batch: 100 }, 'batch must be true or false'],
  ])('that cannot work are a TypeError at start: %s', (_what, options, message) => {
    expect(() => create(options as SqlStoreOptions)).toThrow(TypeError)
    expect(() => create(options as SqlStoreOptions)).toThrow(`${name}: ${message}`)
  })

  it.each([undefined, {}, { table: undefined, batch: undefined }])('may be left out: %o', (options) => {
    expect(() => create(options)).not.toThrow()
  })

  it('of purge() are looked at, too', async () => {
    await expect(create().purge({ limit: 0.5 })).rejects.toThrow('purge: limit must be a whole number above 0')
    await expect(create().purge({ keepUnhandledMs: 3600_000 })).rejects.toThrow('must be a number of at least 86400000')
    await expect(create().purge({ limits: 9 } as object)).rejects.toThrow('purge: there is no option limits')
  })
})

it('prepare of postgresStore is true or false', () => {
  const create = () => postgresStore({ query: nothing }, { prepare: 'no' as never })
  expect(create).toThrow(TypeError)
  expect(create).toThrow('postgresStore: prepare must be true or false')
})
