import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { memoryStore } from '@mailbox-hooks/core'
import { webhooks } from '@mailbox-hooks/express'
import express, { type RequestHandler } from 'express'
import { OPTIONS } from '../http/servers/variants.js'

/** What the process holds when everything that nothing refers to is gone. */
export interface Held {
  /** Heap, and what lies outside of it for objects in it. */
  readonly bytes: number
  readonly rssBytes: number
  /** How often the handler has run until now. */
  readonly handled: number
}

/** Long enough for the sockets of the last load to be seen closed. */
const SETTLE_MS = 200

let handled = 0
const answer: RequestHandler = (_request, response) => {
  handled++
  response.json({ received: true })
}

/** The process that is watched. Its port goes to the parent, then what it holds, whenever the parent asks. */
const store = memoryStore({ maxKeys: Number(process.argv[2]) })
const server = express()
  .post('/webhooks', webhooks({ ...OPTIONS, store }), answer)
  .listen(0, '127.0.0.1')
await once(server, 'listening')
process.send?.((server.address() as AddressInfo).port)
process.on('message', async () => process.send?.(await held()))
process.once('disconnect', () => process.exit())

async function held(): Promise<Held> {
  // Twice: what the first collection finalizes is free for the second.
  for (let times = 0; times < 2; times++) {
    await setTimeout(SETTLE_MS)
    // The parent starts this process with --expose-gc.
    globalThis.gc!()
  }
  const { heapUsed, external, rss } = process.memoryUsage()
  return { bytes: heapUsed + external, rssBytes: rss, handled }
}
