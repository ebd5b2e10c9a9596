import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, it, onTestFinished } from 'vitest'
import { isConflict, isRefusal } from '../../../src/stores/sql/sql-errors.js'
import { describeDrivers, type SqliteDatabase } from './sqlite-drivers.js'

describeDrivers('an error of SQLite, by %s,', ({ open }) => {
  let path: string
  let database: SqliteDatabase

  beforeEach(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mailbox-hooks-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    path = join(folder, 'test.db')
    database = opened()
    database.exec('CREATE TABLE events (id TEXT NOT NULL PRIMARY KEY) STRICT')
  })

  function opened(): SqliteDatabase {
    const one = open(path)
    onTestFinished(() => void one.close())
    one.exec('PRAGMA busy_timeout = 1')
    return one
  }

  function failureOf(sql: string): unknown {
    try {
      database.exec(sql)
    } catch (error) {
      return error
    }
    return expect.unreachable()
  }

  it('that says that another connection writes is a conflict, and no refusal: each row would wait for it again', () => {
    opened().exec('BEGIN IMMEDIATE')
    const busy = failureOf('BEGIN IMMEDIATE')
    expect([isConflict(busy), isRefusal(busy)]).toEqual([true, false])
  })

  it('that says that a snapshot is too old, is the same', () => {
    database.exec('BEGIN; SELECT * FROM events')
    opened().exec("INSERT INTO events VALUES ('theirs')")
    const stale = failureOf("INSERT INTO events VALUES ('ours')")
    expect([isConflict(stale), isRefusal(stale)]).toEqual([true, false])
  })

  it.each(['(NULL)', "(x'00')"])('about what a row contains, %s, is a refusal', (row) => {
    const refused = failureOf(`INSERT INTO events VALUES ${row}`)
    expect([isConflict(refused), isRefusal(refused)]).toEqual([false, true])
  })

  it('about a table that is not there, or one that cannot be written, is neither', () => {
    const missing = failureOf("INSERT INTO others VALUES ('id')")
    database.exec('PRAGMA query_only = 1')
    const unwritable = failureOf("INSERT INTO events VALUES ('id')")
    for (const error of [missing, unwritable]) expect([isConflict(error), isRefusal(error)]).toEqual([false, false])
  })
})

it('an error of MySQL that says that a lock was waited for too long is a conflict, though its state says no more than HY000', () => {
  const waited = Object.assign(new Error('planted'), { code: 'ER_LOCK_WAIT_TIMEOUT', errno: 1205, sqlState: 'HY000' })
  expect([isConflict(waited), isRefusal(waited)]).toEqual([true, false])
})
