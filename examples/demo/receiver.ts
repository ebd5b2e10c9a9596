import type { AddressInfo } from 'node:net'
import { coldMailReseller, dispatch, inboxKit, memoryStore, openMail } from '@mailbox-hooks/core'
import { webhooks } from '@mailbox-hooks/express'
import express from 'express'

export const SECRETS = { cmr: 'demo-cmr-api-key', inboxKit: 'demo-inboxkit-team-key', openMail: 'demo-openmail-secret' }

/** The receiver of the demo: an ordinary Express application. */
export async function startReceiver() {
  const receive = webhooks({
    providers: [
      coldMailReseller({ secrets: [SECRETS.cmr] }),
      inboxKit({ secrets: [SECRETS.inboxKit] }),
      openMail({ secrets: [SECRETS.openMail] }),
    ],
    store: memoryStore(),
  })
  const handled: string[] = []
  let failures = 1

  const app = express()
  app.post('/webhooks', receive, async (req, res) => {
    const delivery = receive.delivery(req)
    handled.push(delivery.id)
    await dispatch(delivery, {
      // Slow enough for a second delivery to arrive meanwhile.
      'message.received': () => new Promise((resolve) => setTimeout(resolve, 150)),
      'subscription.cancelled': async () => {
        if (failures-- > 0) throw new Error('the database of the demo is away for a moment')
      },
    })
    res.json({ received: true })
  })
  app.use((_error: Error, _req: express.Request, res: express.Response, _next: express.NextFunction) => {
    res.status(500).json({ failed: true })
  })

  const server = app.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}/webhooks`, handled, close: () => server.close() }
}
