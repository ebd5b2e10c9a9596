import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { type DedupStore, memoryStore } from '@mailbox-hooks/core'
import { webhooks } from '@mailbox-hooks/express'
import express from 'express'
import { OPTIONS } from '../http/servers/variants.js'
import { openPostgres, openRedis } from './databases.js'

/** The process of the servers: Express on each store. Sends its ports, and what ran when it is asked. */
export interface Runs {
  /** Events that the handler has seen. */
  readonly events: number
  /** Those of them that it has seen more than once. */
  readonly twice: number
}

const databases = [await openPostgres(), await openRedis()] as const
const stores = [memoryStore(), ...databases.map(({ store }) => store)]
const counts = stores.map(() => new Map<string, number>())
const ports = await Promise.all(stores.map((store, index) => start(store, counts[index]!)))

process.on('message', async (question) => {
  if (question === 'runs') return process.send?.(counts.map(runsOf))
  await Promise.all(databases.map((database) => database.close()))
  process.exit()
})
process.send?.(ports)

async function start(store: DedupStore, runs: Map<string, number>): Promise<number> {
  const receive = webhooks({ ...OPTIONS, store })
  const server = express()
    .post('/webhooks', receive, (request, response) => {
      const { id } = receive.delivery(request)
      runs.set(id, (runs.get(id) ?? 0) + 1)
      response.json({ received: true })
    })
    .listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

function runsOf(runs: Map<string, number>): Runs {
  return { events: runs.size, twice: [...runs.values()].filter((count) => count > 1).length }
}
