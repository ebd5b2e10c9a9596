import { type SqlStore, sqliteStore } from '@mailbox-hooks/core/sql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { titled } from '../../../../testing/src/titled.js'
import { DATABASES, type Database } from './databases.js'
import { receiving } from './receiving.js'
import { describeDrivers } from './sqlite-drivers.js'

/** Returns the message that the operator reads of the first delivery. */
async function messageOf(store: SqlStore, ordering: boolean): Promise<string | undefined> {
  const { answerTo, outcomes } = receiving(store, { ordering })
  expect(await answerTo('evt_1')).toContain('store_unavailable')
  return outcomes[0]?.message
}

const CODES: Readonly<Record<string, string>> = { PostgreSQL: '42P01', MariaDB: 'ER_NO_SUCH_TABLE' }

describe.each(titled(DATABASES, 'name'))('before migrate(), in %s', ({ name, isAbsent, open }) => {
  describe.skipIf(isAbsent)('a delivery', () => {
    let database: Database
    beforeAll(async () => {
      database = await open()
    })
    afterAll(() => database?.close())

    it.each([false, true])('is answered 503, and the operator is asked for it; ordering: %s', async (ordering) => {
      const message = `The store failed (${CODES[name]}). Was migrate() called?`
      expect(await messageOf(database.storeOf('never_migrated'), ordering)).toBe(message)
    })
  })
})

describeDrivers('before migrate(), in SQLite by %s', ({ open }) => {
  it.each([false, true])('the operator is asked for it; ordering: %s', async (ordering) => {
    expect(await messageOf(sqliteStore(open(':memory:')), ordering)).toMatch(
      /^The store failed \(\w+\)\. Was migrate\(\) called\?$/,
    )
  })
})
