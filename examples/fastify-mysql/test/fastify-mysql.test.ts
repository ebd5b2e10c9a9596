import { createConnection } from 'mysql2/promise'
import { it, onTestFinished } from 'vitest'
import { findMysql, runName } from '../../../test/servers/services.ts'
import { sharesEvents } from '../../quickstart-tests.ts'

const mysql = await findMysql()

it.skipIf(mysql.isAbsent)('fastify-mysql handles an event in one of its processes, and a later one knows', async () => {
  await sharesEvents('fastify-mysql', { MYSQL_URL: await ownDatabase() })
})

/** The address of a database that is there until the test has ended. */
async function ownDatabase(): Promise<string> {
  const name = runName()
  const connection = await createConnection(mysql.url)
  await connection.query(`CREATE DATABASE ${name}`)
  onTestFinished(async () => {
    await connection.query(`DROP DATABASE ${name}`)
    await connection.end()
  })
  return new URL(name, mysql.url).href
}
