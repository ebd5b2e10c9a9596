import { checkNames } from '../../options/option-names.js'
import type { HeaderFamily } from '../../signature/places.js'
import type { ContentReading } from '../../signature/readings.js'
import type { SecretsOption } from '../../signature/secrets.js'
import { defineProvider } from '../define-provider.js'
import { DescribedEvent } from '../described-event.js'
import type { PayloadsOf } from '../payloads-of.js'
import type { EventDescription, EventSchemas, JsonObject, Provider, RetryRules, SignedParts } from '../provider.js'

export interface StandardWebhooksOptions<Name extends string, Events extends EventSchemas> {
  /** Names the sender, with lower-case letters, digits, `.`, `_` and `-`. Every deduplication key begins with it. */
  readonly name: Name
  /**
   * Lists the keys as the sender shows them: `whsec_…` for signatures `v1`, `whpk_…` for signatures `v1a`. Each verifies. If
   * there are both kinds, the weaker decides: remove the old kind after a migration. Bytes are the key itself.
   */
  readonly secrets: SecretsOption
  /** Lists the schemas by event type (Standard Schema: zod, valibot, arktype, …). Default none: each event is `unknown`. */
  readonly events?: Events | undefined
  /** Separates several accounts that share a store. Default none. */
  readonly account?: string | undefined
  /**
   * Names the headers: `'webhook'` for `webhook-id`, `webhook-timestamp` and `webhook-signature`, `'svix'` for `svix-…`, or
   * your sender's own. Default: either of the two families, never a mixture.
   */
  readonly headers?: 'webhook' | 'svix' | Required<HeaderFamily> | undefined
  /** Limits how old an attempt may be. Default 300, as in the libraries of the specification. */
  readonly maxAgeSeconds?: number | undefined
  /** Limits how far ahead of this machine's clock an attempt may be. Default 300. */
  readonly maxAheadSeconds?: number | undefined
  /**
   * Sets how long the sender retries. Default 92 hours, as the example of the specification takes at most; handlers may run
   * for 5 minutes.
   */
  readonly retries?: RetryRules | undefined
  /**
   * Describes the event beyond what the specification says of it: `type` and `timestamp` of the payload, and the id in the
   * header. It must not throw, because the payload may have any shape.
   */
  readonly describe?: ((payload: JsonObject, signed: SignedParts) => EventDescription) | undefined
  /** Names of payload fields that hold credentials, in addition to those that `redact` knows. */
  readonly credentials?: readonly string[] | undefined
}

const OPTIONS = [
  'name',
  'secrets',
  'events',
  'account',
  'headers',
  'maxAgeSeconds',
  'maxAheadSeconds',
  'retries',
  'describe',
  'credentials',
]

const HOUR_MS = 3_600_000

/** 0, 5 s, 5 and 30 min, 2, 5, 10, 14, 20 and 24 h, each 20 % longer, and 30 s for each answer. */
const RETRIES: RetryRules = { spanMs: 92 * HOUR_MS, maxHandlerMs: 300_000 }

const CONTENT: ContentReading['content'] = ['id', { text: '.' }, 'time', { text: '.' }, 'body']

/**
 * Creates a provider that signs by Standard Webhooks (https://www.standardwebhooks.com), as Svix and the services built on
 * it do.
 *
 * The signature covers id, time and body, so `trust` is `'body+timestamp'`, and the id in the header names the event: it is
 * the same for all attempts. A retry has a new time. Signatures of an unknown version are skipped.
 *
 * Throws a `TypeError` for a key that is no canonical base64, that begins with `v1,`, or that is the sender's private one.
 *
 * @example
 * standardWebhooks({
 *   name: 'acme',
 *   secrets: [process.env.ACME_SECRET],
 *   events: { 'order.paid': z.looseObject({ type: z.literal('order.paid'), data: z.looseObject({ id: z.string() }) }) },
 * })
 */
export function standardWebhooks<const Name extends string, Events extends EventSchemas = Record<never, never>>(
  options: StandardWebhooksOptions<Name, Events>,
): Provider<Name, PayloadsOf<Events>> {
  const known = checkNames('standardWebhooks', options, OPTIONS)
  const { name, secrets, account, headers, events, describe, credentials, retries = RETRIES } = known
  const { maxAgeSeconds = 300, maxAheadSeconds = 300 } = known
  if (events !== undefined && (typeof events !== 'object' || events === null)) {
    throw new TypeError(`${name}: events must be an object with a schema for each event type`)
  }
  return defineProvider({
    name,
    account,
    signature: {
      families: familiesOf(name, headers),
      secrets,
      key: 'standard-webhooks',
      separator: ' ',
      encodings: ['base64'],
      readings: [
        { prefix: 'v1,', content: CONTENT },
        { prefix: 'v1a,', algorithm: 'ed25519', content: CONTENT },
      ],
    },
    timestamp: { format: 'unix-seconds', maxAgeSeconds, maxAheadSeconds },
    retries,
    describe(payload, _headers, signed) {
      const own = describe?.(payload, signed) ?? {}
      const { type = payload.type, id = signed.id, occurredAt = payload.timestamp, entity, attempt } = own
      return new DescribedEvent(
        {
          type,
          id,
          occurredAt,
          entity,
          attempt,
        },
        () => own.about ?? {},
      )
    },
    // Without events, there are none.
    events: () => events ?? ({} as Events),
    ...(credentials !== undefined && { credentials }),
  })
}

const familyOf = (prefix: string): Required<HeaderFamily> => ({
  id: `${prefix}-id`,
  time: `${prefix}-timestamp`,
  signature: `${prefix}-signature`,
})

function familiesOf(name: string, headers: unknown): readonly Required<HeaderFamily>[] {
  if (headers === undefined) return [familyOf('webhook'), familyOf('svix')]
  if (headers === 'webhook' || headers === 'svix') return [familyOf(headers)]
  const { id, time, signature } = Object(headers)
  const names = [id, time, signature]
  if (names.every((header) => typeof header === 'string' && header !== '')) return [{ id, time, signature }]
  throw new TypeError(`${name}: headers must be 'webhook', 'svix' or { id, time, signature }`)
}
