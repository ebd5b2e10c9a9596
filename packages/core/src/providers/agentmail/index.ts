import { checkNames } from '../../options/option-names.js'
import type { SecretsOption } from '../../signature/secrets.js'
import { DescribedEvent } from '../described-event.js'
import { objectAt } from '../object-at.js'
import { once } from '../once.js'
import type { PayloadsOf } from '../payloads-of.js'
import type { DescribedAbout, EventSchemas, JsonObject, Provider, SignedParts } from '../provider.js'
import { standardWebhooks } from '../standard-webhooks/index.js'
import { type WithEvents, withEvents } from '../with-events.js'
import { agentMailSchemas } from './schemas.js'

export interface AgentMailOptions<Extra extends EventSchemas = Record<never, never>> {
  /** Lists the secrets of webhooks, `whsec_…`: each webhook has its own. Each verifies. */
  readonly secrets: SecretsOption
  /** Separates several accounts that share a store. Default none. */
  readonly account?: string | undefined
  /** Limits how old an attempt may be. Default 300, as its documents say. */
  readonly maxAgeSeconds?: number | undefined
  /** Limits how far ahead of this machine's clock an attempt may be. Default 300. */
  readonly maxAheadSeconds?: number | undefined
  /** Adds schemas by event type, for types that are newer than this version. A type that it knows is an error. */
  readonly events?: Extra | undefined
}

export interface AgentMailEvents extends PayloadsOf<ReturnType<typeof agentMailSchemas>> {}

const OPTIONS = ['secrets', 'account', 'maxAgeSeconds', 'maxAheadSeconds', 'events']

const schemas = once(agentMailSchemas)

/**
 * Creates the provider AgentMail: mails that inboxes of agents receive and send, and what becomes of them.
 *
 * It signs by Standard Webhooks under `svix-*`. `event_id` in the body names the event. Two webhooks that cover one inbox
 * send one mail twice, perhaps under two ids: use one. Its service retries for about 28 hours. See docs/providers.md.
 *
 * Text and HTML of a mail above 1 MB are left out without a word: fetch the message then. `from`, subject and text are a
 * stranger's words, which an agent must not obey.
 *
 * @example
 * webhooks({ providers: [agentMail({ secrets: [process.env.AGENTMAIL_WEBHOOK_SECRET] })] })
 */
export function agentMail<Extra extends EventSchemas = Record<never, never>>(
  options: AgentMailOptions<Extra>,
): Provider<'agentmail', WithEvents<AgentMailEvents, Extra>> {
  const { events, ...common } = checkNames('agentmail', options, OPTIONS)
  return standardWebhooks({
    ...common,
    name: 'agentmail',
    headers: 'svix',
    events: withEvents('agentmail', schemas, events)(),
    // Eight attempts within 22 to 33 hours: 0, 5 s, 5 and 30 min, 2, 5, 10 and 10 h after the one before, give or take 20 %.
    retries: { spanMs: 34 * 3_600_000, maxHandlerMs: 300_000 },
    describe,
    // The schemas have the types that the provider's type names.
  }) as Provider<'agentmail', WithEvents<AgentMailEvents, Extra>>
}

/** The field in which each event has its own facts. */
const SUBJECTS = ['message', 'send', 'delivery', 'bounce', 'complaint', 'reject', 'open', 'domain', 'calendar_event']

function describe(payload: JsonObject, signed: SignedParts) {
  const subject = objectAt(payload, SUBJECTS.find((name) => payload[name] !== undefined) ?? '')
  const { thread_id, inbox_id = payload.inbox_id, domain_id, timestamp, updated_at } = subject
  return new DescribedEvent(
    {
      // `type` is always "event".
      type: payload.event_type,
      id: payload.event_id ?? signed.id,
      occurredAt: timestamp ?? updated_at,
      entity: thread_id ?? domain_id ?? inbox_id,
    },
    () => aboutOf(subject, inbox_id),
  )
}

function aboutOf({ recipients, ...subject }: JsonObject, inboxId: unknown): DescribedAbout {
  const { from, to, cc, bcc, reply_to } = subject
  const addresses = Array.isArray(recipients) ? recipients.slice(0, 200).map(addressIn) : []
  return {
    // An inbox is named by its address, in practice.
    addresses: [from, to, cc, bcc, reply_to, inboxId, addresses],
    ids: [inboxId, subject.thread_id, subject.message_id, subject.domain_id, subject.pod_id],
    domains: [subject.domain],
  }
}

/** Bounces have an object for each recipient. */
const addressIn = (recipient: unknown) =>
  typeof recipient === 'object' && recipient !== null && 'address' in recipient ? recipient.address : recipient
