import { createHash } from 'node:crypto'
import { checkNames } from '../../options/option-names.js'
import type { SecretsOption } from '../../signature/secrets.js'
import { defineProvider } from '../define-provider.js'
import { objectAt } from '../object-at.js'
import { once } from '../once.js'
import type { JsonObject, Provider } from '../provider.js'
import { inboxKitSchemas } from './schemas.js'

export interface InboxKitOptions {
  /** Team API keys. All verify, so that a key can be changed without refused deliveries. */
  readonly secrets: SecretsOption
  /** Tells several teams apart that share a store. Default none. */
  readonly account?: string | undefined
  /** How old a delivery may be. Default 86,400 (a day): no window is documented, and the time is signed by nobody. */
  readonly maxAgeSeconds?: number | undefined
  /** How far from the future it may come. Default 300. */
  readonly maxAheadSeconds?: number | undefined
}

export type InboxKitEvents = ReturnType<typeof inboxKitSchemas>

const OPTIONS = ['secrets', 'account', 'maxAgeSeconds', 'maxAheadSeconds']

const schemas = once(inboxKitSchemas)

/**
 * InboxKit: the status of mailboxes with their credentials, of domains, and of OAuth onboarding.
 *
 * What it calls a signature is the SHA-256 of the team API key: the same in every request, made of no body and no time.
 * `trust` is `'sender'` then: somebody who has seen one request can invent others, so fetch the mailbox through the
 * authenticated API before you act on one. The header is itself a secret. An HMAC-SHA256 over the body under the same
 * header, as the older documentation has it, is accepted too (`trust: 'body'`).
 *
 * A 4xx is final to it, so what may pass is answered with 503. The documents of all of this: docs/providers.md.
 *
 * @example
 * webhooks({ providers: [inboxKit({ secrets: [process.env.INBOXKIT_API_KEY] })] })
 */
export function inboxKit(options: InboxKitOptions): Provider<'inboxkit', InboxKitEvents> {
  const { secrets, account, maxAgeSeconds = 86_400, maxAheadSeconds = 300 } = checkNames('inboxkit', options, OPTIONS)
  return defineProvider({
    name: 'inboxkit',
    account,
    signature: {
      header: 'x-inboxkit-signature',
      secrets,
      prefix: 'sha256=',
      readings: [
        { name: 'token', trust: 'sender', token: (secret) => createHash('sha256').update(secret).digest() },
        { name: 'body', trust: 'body' },
      ],
    },
    timestamp: { header: 'x-inboxkit-timestamp', format: 'iso', maxAgeSeconds, maxAheadSeconds },
    // "Up to 3 retries within minutes", says an integration; the provider's page is not to be had.
    retries: { spanMs: 600_000, maxHandlerMs: 60_000, clientErrorsAreFinal: true },
    describe,
    events: schemas,
  })
}

/**
 * There is no event id. The documentation offers the mailbox's uid as the idempotency key: taken at its word, that
 * drops every later change of a mailbox. These parts together name one change.
 */
function describe(payload: JsonObject) {
  const { event, timestamp } = payload
  const subject = subjectOf(payload)
  const isComplete = typeof event === 'string' && typeof timestamp === 'string' && typeof subject.uid === 'string'
  return {
    type: event,
    id: isComplete ? [event, subject.uid, subject.previous_status, subject.status, timestamp] : undefined,
    occurredAt: timestamp,
    entity: subject.uid,
  }
}

/** `mailbox.status_changed` is about `data.mailbox`, and so on for each type. */
function subjectOf(payload: JsonObject): JsonObject {
  const kind = typeof payload.event === 'string' ? payload.event.split('.', 1)[0] : undefined
  return objectAt(objectAt(payload, 'data'), kind ?? '')
}
