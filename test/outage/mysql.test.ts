import { mysqlStore } from '@mailbox-hooks/core/sql'
import { createPool } from 'mysql2/promise'
import { findMysql, runName } from '../servers/services.js'
import { TcpProxy } from '../servers/tcp-proxy.js'
import { outageSuite } from './outage-suite.js'

const mysql = await findMysql()

outageSuite({
  name: 'mysqlStore by mysql2',
  isPooled: true,
  skip: mysql.isAbsent,
  open: async () => {
    const table = runName()
    const admin = createPool({ uri: mysql.url, connectionLimit: 1 })
    await mysqlStore(admin, { table }).migrate()

    // The server is shared: what is lost is the way to it.
    const server = await TcpProxy.before(mysql.url)
    const pool = createPool({ uri: server.url })
    const close = async () => {
      await pool.end()
      await admin.query(`DROP TABLE ${table}, ${table}_entities`)
      await admin.end()
    }
    return { server, store: mysqlStore(pool, { table }), close }
  },
})
