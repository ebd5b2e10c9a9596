import { checkNames } from '../../options/option-names.js'
import type { SecretsOption } from '../../signature/secrets.js'
import { DescribedEvent } from '../described-event.js'
import { objectAt } from '../object-at.js'
import { once } from '../once.js'
import type { PayloadsOf } from '../payloads-of.js'
import type { DescribedAbout, EventSchemas, JsonObject, Provider } from '../provider.js'
import { standardWebhooks } from '../standard-webhooks/index.js'
import { type WithEvents, withEvents } from '../with-events.js'
import { resendSchemas } from './schemas.js'

export interface ResendOptions<Extra extends EventSchemas = Record<never, never>> {
  /** Lists the signing secrets of webhooks, `whsec_…`. Each verifies; list both while you rotate one. */
  readonly secrets: SecretsOption
  /** Separates several accounts that share a store. Default none. */
  readonly account?: string | undefined
  /** Limits how old an attempt may be. Default 300, as its library does. */
  readonly maxAgeSeconds?: number | undefined
  /** Limits how far ahead of this machine's clock an attempt may be. Default 300. */
  readonly maxAheadSeconds?: number | undefined
  /** Adds schemas by event type, for types that are newer than this version. A type that it knows is an error. */
  readonly events?: Extra | undefined
}

export interface ResendEvents extends PayloadsOf<ReturnType<typeof resendSchemas>> {}

const OPTIONS = ['secrets', 'account', 'maxAgeSeconds', 'maxAheadSeconds', 'events']

const schemas = once(resendSchemas)

/**
 * Creates the provider Resend: what becomes of mails that are sent, mails that are received, contacts, domains,
 * suppressions, topics and inboxes.
 *
 * It signs by Standard Webhooks under `svix-*`. The body has no id: the one in the header names the event, and a replay by
 * hand keeps it. `data.email_id` is the mail's, the same in all events about it. There are eight attempts in about 28 hours.
 * See docs/providers.md.
 *
 * `email.received` has no text, no HTML, no headers and no content of attachments. Fetch the mail by `data.email_id`, with
 * your API key (`GET /emails/receiving/{email_id}`), before you answer 2xx: a fetch that fails later loses the mail.
 *
 * @example
 * webhooks({ providers: [resend({ secrets: [process.env.RESEND_WEBHOOK_SECRET] })] })
 */
export function resend<Extra extends EventSchemas = Record<never, never>>(
  options: ResendOptions<Extra>,
): Provider<'resend', WithEvents<ResendEvents, Extra>> {
  const { events, ...common } = checkNames('resend', options, OPTIONS)
  return standardWebhooks({
    ...common,
    name: 'resend',
    headers: 'svix',
    events: withEvents('resend', schemas, events)(),
    // 0, 5 s, 5 and 30 min, 2, 5, 10 and 10 h, each after the failure of the one before, give or take 20 %.
    retries: { spanMs: 34 * 3_600_000, maxHandlerMs: 300_000 },
    describe,
    credentials: ['link'],
    // The schemas have the types that the provider's type names.
  }) as Provider<'resend', WithEvents<ResendEvents, Extra>>
}

function describe(payload: JsonObject) {
  const data = objectAt(payload, 'data')
  return new DescribedEvent(
    {
      occurredAt: payload.created_at,
      entity: data.email_id ?? data.thread_id ?? data.inbox_id ?? data.id ?? data.email,
    },
    () => aboutOf(payload, data),
  )
}

function aboutOf({ type }: JsonObject, data: JsonObject): DescribedAbout {
  const { from, to, cc, bcc, received_for, email, assignee_email, previous_assignee_email } = data
  const isDomain = typeof type === 'string' && type.startsWith('domain.')
  return {
    // The folders of a thread have the same names; they are no addresses.
    addresses: [from, to, cc, bcc, received_for, email, assignee_email, previous_assignee_email],
    ids: [
      data.email_id,
      data.message_id,
      data.broadcast_id,
      data.id,
      data.inbox_id,
      data.thread_id,
      data.draft_id,
      data.audience_id,
      data.source_id,
    ],
    domains: isDomain ? [data.name] : [],
  }
}
