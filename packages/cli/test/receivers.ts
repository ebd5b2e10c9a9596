import { createHash, createHmac } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { agentMail, coldMailReseller, inboxKit, openMail, resend } from '@mailbox-hooks/core'
import { webhooks } from '@mailbox-hooks/express'
import { serve } from '@mailbox-hooks/testing/suites'
import express, { type RequestHandler } from 'express'
import { onTestFinished } from 'vitest'
import { ALL_SECRETS, SECRETS } from './cli.js'

/** Serves an app until the test has ended. */
async function listen(...handlers: RequestHandler[]): Promise<string> {
  const { url, close } = await serve(express().use(...handlers))
  onTestFinished(close)
  return url
}

/** A receiver as it should be, whose handler takes a moment: long enough to meet deliveries sent at once. */
export const careful = (handlerMs = 20) =>
  listen(
    webhooks({
      providers: [
        coldMailReseller({ secrets: [SECRETS.CMR_API_KEY] }),
        inboxKit({ secrets: [SECRETS.INBOXKIT_API_KEY] }),
        openMail({ secrets: [SECRETS.OPENMAIL_WEBHOOK_SECRET] }),
        agentMail({ secrets: [ALL_SECRETS.AGENTMAIL_WEBHOOK_SECRET] }),
        resend({ secrets: [ALL_SECRETS.RESEND_WEBHOOK_SECRET] }),
      ],
    }),
    async (_request, response) => {
      await sleep(handlerMs)
      response.json({ received: true })
    },
  )

export interface NaiveOptions {
  /** How it answers what it has seen. */
  readonly duplicate?: unknown
  /** Fails the first time it handles an event. */
  readonly fails?: boolean
}

/**
 * A receiver as it is often written: no signature is checked, events are noted as seen before they are handled, and a
 * mailbox's uid serves as the id of its events.
 */
export function naive({ duplicate = { received: true, duplicate: true }, fails = false }: NaiveOptions = {}) {
  const seen = new Set<string>()
  return listen(express.json(), async ({ body }, response) => {
    const { uid } = body.data?.mailbox ?? body.data?.domain ?? body.data?.consent_request ?? {}
    const id: string = body.eventId ?? body.event_id ?? uid
    if (seen.has(id)) {
      response.json(duplicate)
      return
    }
    seen.add(id)
    // Long enough for what was sent at once to arrive meanwhile, on a busy machine too.
    await sleep(400)
    response.status(fails ? 500 : 200).json({ received: !fails })
  })
}

/** Verifies, and nothing else; but not the bytes that arrived: the JSON of what was parsed of them. */
export const reserializing = () =>
  listen(express.json(), ({ headers, body }, response) => {
    const text = JSON.stringify(body)
    const fits =
      headers['cmr-x-signature'] === hmac(SECRETS.CMR_API_KEY, text) ||
      headers['x-signature'] === hmac(SECRETS.OPENMAIL_WEBHOOK_SECRET, `${headers['x-timestamp']}.${text}`)
    response.status(fits ? 200 : 401).json({ received: fits })
  })

const hmac = (secret: string, text: string) => createHmac('sha256', secret).update(text).digest('hex')

/** Answers everything with 200 and what it was sent: the headers, or anything else. */
export const echoing = (answer?: string) =>
  listen(express.text({ type: '*/*' }), ({ headers, body }, response) => {
    response.send(answer ?? JSON.stringify({ headers, body }))
  })

/** Refuses what is signed with another key than InboxKit's, and tells what it got and what it expected. */
export const talkative = () =>
  listen(({ headers }, response) => {
    const expected = createHash('sha256').update(SECRETS.INBOXKIT_API_KEY).digest('hex')
    const got = String(headers['x-inboxkit-signature']).replace('sha256=', '')
    response.status(got === expected ? 200 : 401).send(`got ${got} for ${expected}`)
  })
