import { checkNames } from '../../options/option-names.js'
import type { SecretsOption } from '../../signature/secrets.js'
import { defineProvider } from '../define-provider.js'
import { DescribedEvent } from '../described-event.js'
import { objectAt } from '../object-at.js'
import { once } from '../once.js'
import type { PayloadsOf } from '../payloads-of.js'
import type { DescribedAbout, EventSchemas, JsonObject, Provider } from '../provider.js'
import { type WithEvents, withEvents } from '../with-events.js'
import { openMailSchemas } from './schemas.js'

export interface OpenMailOptions<Extra extends EventSchemas = Record<never, never>> {
  /**
   * Lists the webhook secrets: the account's, and one for each inbox with its own webhook address. Each verifies. Rotating
   * an inbox's secret ends the old one at once, so list both during the rotation.
   */
  readonly secrets: SecretsOption
  /** Separates several accounts that share a store. Default none. */
  readonly account?: string | undefined
  /** Limits how old a delivery may be. Default 300, as in the provider's samples. */
  readonly maxAgeSeconds?: number | undefined
  /** Limits how far ahead of this machine's clock a delivery may be. Default 300, as in the provider's samples. */
  readonly maxAheadSeconds?: number | undefined
  /** Adds schemas by event type, for types that are newer than this version. A type that it knows is an error. */
  readonly events?: Extra | undefined
}

export interface OpenMailEvents extends PayloadsOf<ReturnType<typeof openMailSchemas>> {}

const OPTIONS = ['secrets', 'account', 'maxAgeSeconds', 'maxAheadSeconds', 'events']

const TIMESTAMP_HEADER = 'x-timestamp'

const schemas = once(openMailSchemas)

/**
 * Creates the provider OpenMail: inbound mail, and the suspension and reactivation of inboxes and pods.
 *
 * The signature is HMAC-SHA256, in hex, over the Unix seconds in `X-Timestamp`, a dot, and the body. `X-Event-Id` is not
 * signed, so `event_id` in the body identifies the event. There are five attempts in about eight minutes, each with a new
 * timestamp, `attempt` and `delivered_at`. See docs/providers.md.
 *
 * @example
 * webhooks({ providers: [openMail({ secrets: [process.env.OPENMAIL_WEBHOOK_SECRET] })] })
 */
export function openMail<Extra extends EventSchemas = Record<never, never>>(
  options: OpenMailOptions<Extra>,
): Provider<'openmail', WithEvents<OpenMailEvents, Extra>> {
  const {
    secrets,
    account,
    maxAgeSeconds = 300,
    maxAheadSeconds = 300,
    events,
  } = checkNames('openmail', options, OPTIONS)
  return defineProvider({
    name: 'openmail',
    account,
    signature: {
      header: 'x-signature',
      secrets,
      readings: [{ name: 'timestamp.body', content: ['time', { text: '.' }, 'body'] }],
    },
    timestamp: { header: TIMESTAMP_HEADER, format: 'unix-seconds', maxAgeSeconds, maxAheadSeconds },
    // Attempts at once, then 30, 60, 120 and 240 s after the previous one. Each times out after 15 s.
    retries: { spanMs: 525_000, maxHandlerMs: 200_000 },
    describe,
    events: withEvents('openmail', schemas, events),
    // The schemas have the types that the provider's type names.
  }) as Provider<'openmail', WithEvents<OpenMailEvents, Extra>>
}

function describe(payload: JsonObject) {
  return new DescribedEvent(
    {
      type: payload.event,
      id: payload.event_id,
      occurredAt: payload.occurred_at,
      entity: payload.inbox_id ?? payload.pod_id,
      attempt: payload.attempt,
    },
    () => aboutOf(payload),
  )
}

function aboutOf({ inbox_id, inbox_address, pod_id, thread_id, external_id, ...payload }: JsonObject): DescribedAbout {
  const { id, rfc_message_id, from, to, cc } = objectAt(payload, 'message')
  return {
    addresses: [inbox_address, from, to, cc],
    ids: [inbox_id, pod_id, thread_id, external_id, id, rfc_message_id],
  }
}
