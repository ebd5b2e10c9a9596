import { type DedupStore, memoryStore, type Outcome, openMail } from '@mailbox-hooks/core'
import { webhooks } from '@mailbox-hooks/express'
import { signedDelivery } from '@mailbox-hooks/testing'
import supertest from 'supertest'

export const SECRET = 'openmail-webhook-secret'
export const BODY = JSON.stringify({ event: 'test', event_id: 'evt_1' })

export const headers = () => signedDelivery('openmail', 'message.received', { secret: SECRET, body: BODY }).headers

export const deliver = (app: Parameters<typeof supertest>[0]) =>
  supertest(app).post('/webhooks').set(headers()).send(BODY)

export function receiver(store: DedupStore = memoryStore()) {
  const outcomes: Outcome[] = []
  const receive = webhooks({
    providers: [openMail({ secrets: [SECRET] })],
    store,
    maxHandlerMs: 5_000,
    onOutcome: (outcome) => outcomes.push(outcome),
  })
  return { receive, outcomes }
}
