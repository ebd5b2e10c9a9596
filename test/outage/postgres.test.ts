import { postgresStore } from '@mailbox-hooks/core/sql'
import pg from 'pg'
import { findPostgres, runName } from '../servers/services.js'
import { TcpProxy } from '../servers/tcp-proxy.js'
import { outageSuite } from './outage-suite.js'

const postgres = await findPostgres()

outageSuite({
  name: 'postgresStore by pg',
  isPooled: true,
  skip: postgres.isAbsent,
  open: async () => {
    const table = runName()
    const admin = new pg.Pool({ connectionString: postgres.url, max: 1 })
    await postgresStore(admin, { table }).migrate()

    // The server is shared: what is lost is the way to it.
    const server = await TcpProxy.before(postgres.url)
    const pool = new pg.Pool({ connectionString: server.url })
    // A connection that breaks while nobody uses it.
    pool.on('error', () => {})
    const close = async () => {
      await pool.end()
      await admin.query(`DROP TABLE "${table}", "${table}_entities"`)
      await admin.end()
    }
    return { server, store: postgresStore(pool, { table }), close }
  },
})
