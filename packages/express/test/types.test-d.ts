// Checked by `npm run types`: what a user of Express sees of the types.
import { defineProvider, openMail, type RegisteredDelivery } from '@mailbox-hooks/core'
import { webhooks } from '@mailbox-hooks/express'
import express, { Router } from 'express'
import { expectTypeOf, it } from 'vitest'
import { z } from 'zod'

const acme = defineProvider({
  name: 'acme',
  signature: { header: 'x-acme', secrets: ['key'], readings: [{ name: 'body', trust: 'body' }] },
  retries: { spanMs: 60_000, maxHandlerMs: 10_000 },
  describe: () => ({}),
  events: () => ({ 'order.paid': z.looseObject({ amount: z.number() }) }),
})

it('makes no promise on a route that may lack the middleware', () => {
  express().get('/', (req) => {
    expectTypeOf(req.webhook).toEqualTypeOf<RegisteredDelivery | undefined>()
  })
})

it('gives the exact union of the providers of a receiver, and leaves the route its own types', () => {
  const receive = webhooks({ providers: [acme, openMail({ secrets: ['key'] })] })
  Router().post('/:tenant', receive, (req, res) => {
    expectTypeOf(req.params.tenant).toEqualTypeOf<string>()
    const { event } = receive.delivery(req)
    if (event.type === 'order.paid') expectTypeOf(event.payload.amount).toEqualTypeOf<number>()
    if (event.type === 'message.received') expectTypeOf(event.payload.inbox_id).toEqualTypeOf<string>()
    // @ts-expect-error not one of these providers sends that
    if (event.type === 'mailbox.created') return
    res.json({ received: true })
  })
  express().use('/webhooks', receive)
  express().use(receive)
})

it('narrows req.webhook to the built-in providers where none are registered', () => {
  express().post('/', (req) => {
    if (req.webhook?.event.type === 'mailbox.created') {
      expectTypeOf(req.webhook.event.payload.data.mailboxDetails.email).toEqualTypeOf<string>()
    }
  })
})
