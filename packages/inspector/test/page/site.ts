import { coldMailReseller, inboxKit, openMail } from '@mailbox-hooks/core'
import { webhooks } from '@mailbox-hooks/express'
import { type Inspector, type InspectorOptions, openInspector } from '@mailbox-hooks/inspector'
import { type SignedDelivery, signedDelivery } from '@mailbox-hooks/testing'
import { serve } from '@mailbox-hooks/testing/suites'
import express, { type RequestHandler } from 'express'
import { onTestFinished } from 'vitest'

export const SECRETS = {
  openMail: 'a-secret-of-openmail-1',
  coldMailReseller: 'a-secret-of-reseller-1',
  inboxKit: 'a-secret-of-inboxkit-1',
}

export interface Site {
  readonly inspector: Inspector
  /** Handles the deliveries. A test may replace it. */
  handle: RequestHandler
  /** The lines that the inspector logged. */
  readonly log: string[]
  send(delivery: SignedDelivery): Promise<number>
}

/** Starts an inspector and a receiver with three providers, until the test ends. */
export async function openSite(options: InspectorOptions = {}): Promise<Site> {
  const log: string[] = []
  const inspector = await openInspector({ port: 0, log: (line) => log.push(line), ...options })
  const receive = webhooks({
    providers: [
      openMail({ secrets: [SECRETS.openMail] }),
      coldMailReseller({ secrets: [SECRETS.coldMailReseller] }),
      inboxKit({ secrets: [SECRETS.inboxKit] }),
    ],
    journal: inspector.journal,
  })
  const app = express().set('env', 'test')
  app.post('/webhooks', receive, (...handled) => site.handle(...handled))
  const server = await serve(app)
  const site: Site = {
    inspector,
    log,
    handle: (_request, response) => void response.json({ received: true }),
    async send({ headers, body }) {
      const response = await fetch(server.url, { method: 'POST', headers, body })
      await response.arrayBuffer()
      return response.status
    },
  }
  onTestFinished(async () => {
    await server.close()
    await inspector.close()
  })
  return site
}

/** A mail that arrived at OpenMail, from an address of its own. */
export function mail(id: string, { from = `${id}@example.com`, secret = SECRETS.openMail, at = Date.now() } = {}) {
  const payload = { event_id: `evt_${id}`, message: { from } }
  return signedDelivery('openmail', 'message.received', { secret, at, payload })
}

/** A mailbox that was created at Cold Mail Reseller. Its payload has a password. */
export function mailbox(id: string) {
  const payload = { eventId: `event-${id}`, data: { mailboxDetails: { email: `${id}@coldmailseller.com` } } }
  return signedDelivery('cold-mail-reseller', 'mailbox.created', { secret: SECRETS.coldMailReseller, payload })
}

/** The same delivery after something parsed its JSON and wrote it again. */
export const reserialized = ({ headers, body }: SignedDelivery): SignedDelivery => ({
  headers,
  body: JSON.stringify(JSON.parse(body), null, 2),
})
