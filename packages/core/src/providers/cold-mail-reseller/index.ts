import { checkNames } from '../../options/option-names.js'
import type { SecretsOption } from '../../signature/secrets.js'
import type { SignedReading } from '../../signature/signature.js'
import { defineProvider } from '../define-provider.js'
import { objectAt } from '../object-at.js'
import { once } from '../once.js'
import type { JsonObject, Provider } from '../provider.js'
import { coldMailResellerSchemas } from './schemas.js'

export interface ColdMailResellerOptions {
  /** API keys, as shown in Settings > Webhooks. All verify, so that a key can be changed without refused deliveries. */
  readonly secrets: SecretsOption
  /** Tells several accounts apart that share a store. Default none. */
  readonly account?: string | undefined
  /** How old a delivery may be. Default 300, as the provider's documentation says. */
  readonly maxAgeSeconds?: number | undefined
  /** How far from the future it may come. Default 300. */
  readonly maxAheadSeconds?: number | undefined
  /**
   * What the signature covers. The documentation says "the payload" and shows no sample, so both are accepted by
   * default, and the outcome's `reading` says which one it was: pin it here when you have seen it.
   *
   * `'body'` leaves the time unproven: the window then keeps no attacker out, only the deduplication does.
   */
  readonly signedContent?: 'timestamp.body' | 'body' | undefined
  /** How the signature is written. Undocumented, so both are accepted by default, with or without `sha256=`. */
  readonly encoding?: 'hex' | 'base64' | undefined
}

export type ColdMailResellerEvents = ReturnType<typeof coldMailResellerSchemas>

const OPTIONS = ['secrets', 'account', 'maxAgeSeconds', 'maxAheadSeconds', 'signedContent', 'encoding']

const TIMESTAMP_HEADER = 'cmr-x-timestamp'

const READINGS: readonly SignedReading[] = [
  {
    name: 'timestamp.body',
    trust: 'body+timestamp',
    before: (headers) => `${headers.header(TIMESTAMP_HEADER)}.`,
  },
  { name: 'body', trust: 'body' },
]

const schemas = once(coldMailResellerSchemas)

/**
 * Cold Mail Reseller: orders of domains and mailboxes, mailboxes with their credentials, renewals.
 *
 * Its signature is HMAC-SHA256 under the API key in `cmr-x-signature`; its times are Unix seconds or milliseconds in
 * `cmr-x-timestamp`. It sends three times or four, for its documents say both: at once, after 30 s, after 5 min; and
 * again by hand at any time. The documents of all of this: docs/providers.md.
 *
 * @example
 * webhooks({ providers: [coldMailReseller({ secrets: [process.env.CMR_API_KEY] })] })
 */
export function coldMailReseller(
  options: ColdMailResellerOptions,
): Provider<'cold-mail-reseller', ColdMailResellerEvents> {
  const known = checkNames('cold-mail-reseller', options, OPTIONS)
  const { secrets, account, signedContent, encoding, maxAgeSeconds = 300, maxAheadSeconds = 300 } = known
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
    // Attempts at 0 s, 30 s and 5 min after that, each of which may wait 60 s for its answer.
    retries: { spanMs: 450_000, maxHandlerMs: 240_000 },
    describe,
    events: schemas,
  })
}

function describe(payload: JsonObject) {
  const data = objectAt(payload, 'data')
  return {
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
  }
}

function readingsOf(signedContent: string | undefined): readonly SignedReading[] {
  if (signedContent === undefined) return READINGS
  const name = oneOf('signedContent', signedContent, ['timestamp.body', 'body'])
  return READINGS.filter((reading) => reading.name === name)
}

function oneOf<const Values extends readonly string[]>(label: string, value: string, values: Values): Values[number] {
  if (values.includes(value)) return value
  throw new TypeError(`cold-mail-reseller: ${label} must be ${values.map((known) => `'${known}'`).join(' or ')}`)
}
