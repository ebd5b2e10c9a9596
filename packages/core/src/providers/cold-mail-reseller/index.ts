import { checkNames } from '../../options/option-names.js'
import type { ContentReading } from '../../signature/readings.js'
import type { SecretsOption } from '../../signature/secrets.js'
import { defineProvider } from '../define-provider.js'
import { DescribedEvent } from '../described-event.js'
import { objectAt } from '../object-at.js'
import { once } from '../once.js'
import type { PayloadsOf } from '../payloads-of.js'
import type { EventSchemas, JsonObject, Provider } from '../provider.js'
import { type WithEvents, withEvents } from '../with-events.js'
import { aboutOf } from './about.js'
import { coldMailResellerSchemas } from './schemas.js'

export interface ColdMailResellerOptions<Extra extends EventSchemas = Record<never, never>> {
  /**
   * Lists the API keys, as shown in Settings > Webhooks. Each verifies, so that you can rotate a key without refused
   * deliveries.
   */
  readonly secrets: SecretsOption
  /** Separates several accounts that share a store. Default none. */
  readonly account?: string | undefined
  /** Limits how old a delivery may be. Default 300, as the provider documents. */
  readonly maxAgeSeconds?: number | undefined
  /** Limits how far ahead of this machine's clock a delivery may be. Default 300. */
  readonly maxAheadSeconds?: number | undefined
  /**
   * Pins what the signature covers. The documentation says "the payload" and shows no sample, so both are accepted by
   * default. The outcome's `reading` says which one matched: pin it then.
   *
   * With `'body'` the time is not proven. The window then stops no attacker; only deduplication does.
   */
  readonly signedContent?: 'timestamp.body' | 'body' | undefined
  /** Pins the encoding of the signature. It is undocumented, so both are accepted by default, with or without `sha256=`. */
  readonly encoding?: 'hex' | 'base64' | undefined
  /** Adds schemas by event type, for types that are newer than this version. A type that it knows is an error. */
  readonly events?: Extra | undefined
}

export interface ColdMailResellerEvents extends PayloadsOf<ReturnType<typeof coldMailResellerSchemas>> {}

const OPTIONS = ['secrets', 'account', 'maxAgeSeconds', 'maxAheadSeconds', 'signedContent', 'encoding', 'events']

const TIMESTAMP_HEADER = 'cmr-x-timestamp'

const READINGS: readonly (ContentReading & { name: string })[] = [
  { name: 'timestamp.body', content: ['time', { text: '.' }, 'body'] },
  { name: 'body', content: ['body'] },
]

const schemas = once(coldMailResellerSchemas)

/**
 * Creates the provider Cold Mail Reseller: orders of domains and mailboxes, mailboxes with their credentials, renewals.
 *
 * The signature in `cmr-x-signature` is HMAC-SHA256 under the API key. The time in `cmr-x-timestamp` is Unix seconds or
 * milliseconds. There are three attempts or four (the documents say both): at once, after 30 s, after 5 min. An event can
 * also be resent by hand at any time. See docs/providers.md.
 *
 * @example
 * webhooks({ providers: [coldMailReseller({ secrets: [process.env.CMR_API_KEY] })] })
 */
export function coldMailReseller<Extra extends EventSchemas = Record<never, never>>(
  options: ColdMailResellerOptions<Extra>,
): Provider<'cold-mail-reseller', WithEvents<ColdMailResellerEvents, Extra>> {
  const known = checkNames('cold-mail-reseller', options, OPTIONS)
  const { secrets, account, signedContent, encoding, maxAgeSeconds = 300, maxAheadSeconds = 300, events } = known
  return defineProvider({
    name: 'cold-mail-reseller',
    account,
    signature: {
      header: 'cmr-x-signature',
      secrets,
      encodings: encoding === undefined ? ['hex', 'base64'] : [oneOf('encoding', encoding, ['hex', 'base64'])],
      prefix: 'sha256=',
      prefixOptional: true,
      readings: readingsOf(signedContent),
    },
    timestamp: { header: TIMESTAMP_HEADER, format: 'unix', maxAgeSeconds, maxAheadSeconds },
    // Attempts at once, after 30 s, and 5 min after that. Each times out after 60 s.
    retries: { spanMs: 450_000, maxHandlerMs: 240_000 },
    describe,
    events: withEvents('cold-mail-reseller', schemas, events),
    // The schemas have the types that the provider's type names.
  }) as Provider<'cold-mail-reseller', WithEvents<ColdMailResellerEvents, Extra>>
}

function describe(payload: JsonObject) {
  const data = objectAt(payload, 'data')
  return new DescribedEvent(
    {
      type: payload.event ?? payload.eventType,
      id: payload.eventId,
      entity:
        objectAt(data, 'mailboxDetails').mailboxId ??
        data.mailboxId ??
        data.subscriptionId ??
        data.domainId ??
        data.domainName ??
        data.domain ??
        data.orderId,
    },
    () => aboutOf(data),
  )
}

function readingsOf(signedContent: string | undefined): readonly ContentReading[] {
  if (signedContent === undefined) return READINGS
  const name = oneOf('signedContent', signedContent, ['timestamp.body', 'body'])
  return READINGS.filter((reading) => reading.name === name)
}

function oneOf<const Values extends readonly string[]>(label: string, value: string, values: Values): Values[number] {
  if (values.includes(value)) return value
  throw new TypeError(`cold-mail-reseller: ${label} must be ${values.map((known) => `'${known}'`).join(' or ')}`)
}
