import { createHash } from 'node:crypto'
import { checkNames } from '../../options/option-names.js'
import type { SecretsOption } from '../../signature/secrets.js'
import { defineProvider } from '../define-provider.js'
import { DescribedEvent } from '../described-event.js'
import { objectAt } from '../object-at.js'
import { once } from '../once.js'
import type { PayloadsOf } from '../payloads-of.js'
import type { DescribedAbout, EventSchemas, JsonObject, Provider } from '../provider.js'
import { type WithEvents, withEvents } from '../with-events.js'
import { inboxKitSchemas } from './schemas.js'

export interface InboxKitOptions<Extra extends EventSchemas = Record<never, never>> {
  /** Lists the team API keys. Each verifies, so that you can rotate a key without refused deliveries. */
  readonly secrets: SecretsOption
  /** Separates several teams that share a store. Default none. */
  readonly account?: string | undefined
  /**
   * Limits how old a delivery may be. Default 86,400 (a day), because no window is documented and the time is not signed.
   */
  readonly maxAgeSeconds?: number | undefined
  /** Limits how far ahead of this machine's clock a delivery may be. Default 300. */
  readonly maxAheadSeconds?: number | undefined
  /** Adds schemas by event type, for types that are newer than this version. A type that it knows is an error. */
  readonly events?: Extra | undefined
}

export interface InboxKitEvents extends PayloadsOf<ReturnType<typeof inboxKitSchemas>> {}

const OPTIONS = ['secrets', 'account', 'maxAgeSeconds', 'maxAheadSeconds', 'events']

const schemas = once(inboxKitSchemas)

/**
 * Creates the provider InboxKit: the status of mailboxes with their credentials, of domains, and of OAuth onboarding.
 *
 * Its "signature" is the SHA-256 of the team API key. It is the same in every request and covers neither body nor time, so
 * `trust` is `'sender'`. Anyone who has seen one request can invent others: fetch the mailbox through the authenticated API
 * before you act on a delivery. The header is itself a secret. An HMAC-SHA256 over the body under the same header, as the
 * older documentation describes, is accepted too (`trust: 'body'`).
 *
 * InboxKit does not retry after a 4xx, so a delivery that may succeed later gets a 503. See docs/providers.md.
 *
 * @example
 * webhooks({ providers: [inboxKit({ secrets: [process.env.INBOXKIT_API_KEY] })] })
 */
export function inboxKit<Extra extends EventSchemas = Record<never, never>>(
  options: InboxKitOptions<Extra>,
): Provider<'inboxkit', WithEvents<InboxKitEvents, Extra>> {
  const {
    secrets,
    account,
    maxAgeSeconds = 86_400,
    maxAheadSeconds = 300,
    events,
  } = checkNames('inboxkit', options, OPTIONS)
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
    // "Up to 3 retries within minutes", says an integration. The provider's own page is not available.
    retries: { spanMs: 600_000, maxHandlerMs: 60_000, clientErrorsAreFinal: true },
    describe,
    events: withEvents('inboxkit', schemas, events),
    // The schemas have the types that the provider's type names.
  }) as Provider<'inboxkit', WithEvents<InboxKitEvents, Extra>>
}

/**
 * Describes an event. InboxKit sends no event id, and the uid that its documentation offers would drop every later change
 * of a mailbox. These parts together identify one change.
 */
function describe(payload: JsonObject) {
  const { event, timestamp } = payload
  const subject = subjectOf(payload)
  const isComplete = typeof event === 'string' && typeof timestamp === 'string' && typeof subject.uid === 'string'
  return new DescribedEvent(
    {
      type: event,
      id: isComplete ? [event, subject.uid, subject.previous_status, subject.status, timestamp] : undefined,
      occurredAt: timestamp,
      entity: subject.uid,
    },
    () => aboutOf(payload, subject),
  )
}

function aboutOf(payload: JsonObject, subject: JsonObject): DescribedAbout {
  const { domain_id, domain_name, workspace_id } = objectAt(objectAt(payload, 'data'), 'metadata')
  // Of a domain `name` is the domain, of nothing else.
  const own = payload.event === 'domain.status_changed' ? subject.name : undefined
  return {
    addresses: [subject.email],
    ids: [subject.uid, domain_id, workspace_id],
    domains: [domain_name, subject.domain_name, own],
  }
}

/** Returns the object that an event is about: `data.mailbox` for `mailbox.status_changed`, and so on. */
function subjectOf(payload: JsonObject): JsonObject {
  const kind = typeof payload.event === 'string' ? payload.event.split('.', 1)[0] : undefined
  return objectAt(objectAt(payload, 'data'), kind ?? '')
}
