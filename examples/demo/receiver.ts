import type { AddressInfo } from 'node:net'
import { coldMailReseller, dispatch, inboxKit, memoryJournal, memoryStore, openMail } from '@mailbox-hooks/core'
import { webhooks } from '@mailbox-hooks/express'
import express from 'express'

export const SECRETS = { cmr: 'demo-cmr-api-key', inboxKit: 'demo-inboxkit-team-key', openMail: 'demo-openmail-secret' }

/** The receiver of the demo: an ordinary Express application. */
export async function startReceiver() {
  const journal = memoryJournal()
  const receive = webhooks({
    providers: [
      coldMailReseller({ secrets: [SECRETS.cmr] }),
      inboxKit({ secrets: [SECRETS.inboxKit] }),
      openMail({ secrets: [SECRETS.openMail] }),
    ],
    store: memoryStore(),
    journal,
  })
  const handled: string[] = []
  let failures = 1
  let hasBug = true

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
      'inbox.reactivated': () => {
        if (hasBug) throw new TypeError('cannot read the bug of this demo')
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
  const mend = () => {
    hasBug = false
  }
  return { url: `http://127.0.0.1:${port}/webhooks`, handled, journal, mend, close: () => server.close() }
}
