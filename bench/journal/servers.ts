import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import type { ReceiverOptions } from '@mailbox-hooks/core'
import { webhooks } from '@mailbox-hooks/express'
import express from 'express'
import { OPTIONS } from '../http/servers/variants.js'
import { journalDatabases } from './databases.js'

/** The process of the servers: Express on each database, with its store and with its journal. Sends their ports. */
export interface Served {
  readonly name: string
  readonly withStore: number
  readonly withJournal: number
}

const databases = await Promise.all((await journalDatabases()).map((open) => open()))
const served = databases.map(async ({ name, store, journal }): Promise<Served> => {
  const [withStore, withJournal] = await Promise.all([start({ store }), start({ journal })])
  return { name, withStore, withJournal }
})

process.on('message', async () => {
  await Promise.all(databases.map((database) => database.close()))
  process.exit()
})
process.send?.(await Promise.all(served))

async function start(options: Partial<ReceiverOptions>): Promise<number> {
  const receive = webhooks({ ...OPTIONS, ...options })
  const server = express()
    .post('/webhooks', receive, (_request, response) => {
      response.json({ received: true })
    })
    .listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}
