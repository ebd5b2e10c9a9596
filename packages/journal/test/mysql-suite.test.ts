import { mysqlJournalStore } from '@mailbox-hooks/journal'
import { journalSuite } from '@mailbox-hooks/testing/suites'
import { createPool, type Pool } from 'mysql2/promise'
import { findMysql, runName } from '../../../test/servers/services.js'
import { TABLES, timePasses } from './time-passes.js'

const mysql = await findMysql()

journalSuite({
  name: 'mysqlJournalStore by mysql2',
  skip: mysql.isAbsent,
  open: async () => {
    const table = runName()
    const pools: Pool[] = []
    const openPool = (connectionLimit: number) => {
      const pool = createPool({ uri: mysql.url, connectionLimit })
      pools.push(pool)
      return pool
    }
    const first = openPool(4)
    const store = mysqlJournalStore(first, { table })
    await store.migrate()
    const forAll = async (write: (table: string) => string, tables: readonly string[]) => {
      for (const suffix of tables) await first.query(write(`${table}${suffix}`))
    }
    return {
      store,
      another: async () => mysqlJournalStore(openPool(1), { table }),
      begin: async () => {
        const within = await first.getConnection()
        await within.beginTransaction()
        return {
          within,
          commit: async () => {
            await within.commit()
            within.release()
          },
          rollback: async () => {
            await within.rollback()
            within.release()
          },
        }
      },
      pass: async (ms) => {
        for (const statement of timePasses(table, ms)) await first.query(statement)
      },
      clear: () => forAll((name) => `DELETE FROM ${name}`, TABLES),
      close: async () => {
        await forAll((name) => `DROP TABLE ${name}`, [...TABLES, '_meta'])
        await Promise.all(pools.map((pool) => pool.end()))
      },
    }
  },
})
