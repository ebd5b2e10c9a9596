import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { coldMailReseller, inboxKit, type Journal, openMail } from '@mailbox-hooks/core'
import { webhooks } from '@mailbox-hooks/express'
import express from 'express'

export const SECRETS = {
  coldMailReseller: 'a-key-of-cold-mail-reseller',
  inboxKit: 'a-key-of-inboxkit',
  openMail: 'a-webhook-secret-of-openmail',
}

/** Starts a receiver that fails now and then, as any does. */
export async function startReceiver(journal: Journal): Promise<{ readonly url: string; close(): void }> {
  const receive = webhooks({
    providers: [
      coldMailReseller({ secrets: [SECRETS.coldMailReseller] }),
      inboxKit({ secrets: [SECRETS.inboxKit] }),
      openMail({ secrets: [SECRETS.openMail] }),
    ],
    journal,
  })
  const app = express()
  let deliveries = 0
  app.post('/webhooks', receive, async (request, response) => {
    const { event } = receive.delivery(request)
    deliveries++
    await new Promise((resolve) => setTimeout(resolve, 5 + ((deliveries * 37) % 90)))
    if (deliveries % 7 === 3) throw new Error(`There is no customer for this ${event.type} yet`)
    response.json({ received: true })
  })
  app.use(((_error, _request, response, _next) => {
    response.status(500).json({ failed: true })
  }) satisfies express.ErrorRequestHandler)
  const server = await new Promise<Server>((resolve) => {
    const listening = app.listen(0, '127.0.0.1', () => resolve(listening))
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/webhooks`,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}
