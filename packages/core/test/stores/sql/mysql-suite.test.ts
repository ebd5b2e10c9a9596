import { mysqlStore } from '@mailbox-hooks/core/sql'
import { storeSuite } from '@mailbox-hooks/testing/suites'
import { createPool, type Pool } from 'mysql2/promise'
import { findMysql, runName } from '../../../../../test/servers/services.js'

const mysql = await findMysql()

storeSuite({
  name: 'mysqlStore by mysql2',
  skip: mysql.isAbsent,
  open: async () => {
    const table = runName()
    const pools: Pool[] = []
    const another = async () => {
      const pool = createPool({ uri: mysql.url, connectionLimit: 1 })
      pools.push(pool)
      return mysqlStore(pool, { table })
    }
    const store = await another()
    await store.migrate()
    const clear = async () => {
      await pools[0]?.query(`DELETE FROM ${table}`)
      await pools[0]?.query(`DELETE FROM ${table}_entities`)
    }
    const close = async () => {
      await pools[0]?.query(`DROP TABLE ${table}, ${table}_entities`)
      await Promise.all(pools.map((pool) => pool.end()))
    }
    return { store, another, clear, close }
  },
})
