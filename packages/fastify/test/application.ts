import { memoryStore, type Outcome, openMail, type ReceiverOptions } from '@mailbox-hooks/core'
import { signedDelivery } from '@mailbox-hooks/testing'
import type { FastifyInstance, FastifyServerOptions } from 'fastify'
import { onTestFinished } from 'vitest'
import type { VERSIONS } from './versions.js'

type Version = (typeof VERSIONS)[number]

const SECRET = 'openmail-webhook-secret'
export const BODY = JSON.stringify({ event: 'test', event_id: 'evt_1' })
export const WEBHOOK = { config: { webhook: true } } as const

export const headers = (body = BODY, secret = SECRET) =>
  signedDelivery('openmail', 'message.received', { secret, body }).headers

export const deliver = (app: FastifyInstance, url = '/webhooks', body = BODY) =>
  app.inject({ method: 'POST', url, headers: headers(body), payload: body })

export function receiver(secret = SECRET) {
  const outcomes: Outcome[] = []
  const options: ReceiverOptions = {
    providers: [openMail({ secrets: [secret] })],
    store: memoryStore(),
    onOutcome: (outcome) => outcomes.push(outcome),
  }
  return { options, outcomes }
}

/** Makes applications that are closed when their test has ended. */
export const applicationsOf =
  (fastify: Version['fastify']) =>
  (options?: FastifyServerOptions): FastifyInstance => {
    const app = fastify({ forceCloseConnections: true, ...options })
    onTestFinished(() => app.close())
    return app
  }
