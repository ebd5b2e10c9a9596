import { createHash, createHmac } from 'node:crypto'
import type { Sender, SigningReading, TimeForm } from '@mailbox-hooks/core/play'

export type { PlayedPayload as Payload, SigningReading, TimeForm } from '@mailbox-hooks/core/play'

/** The signing of a delivery. Each omitted option has the provider's own value. */
export interface SigningOptions {
  /** The provider's API key or webhook secret. For a public-key scheme, the private key: `whsk_…`, or PEM. */
  readonly secret: string | Uint8Array
  /** The time of sending. Default now. */
  readonly at?: Date | number | undefined
  /** Sets the id in a header, where the provider has one. Default: made of the body, so that the same body has the same. */
  readonly id?: string | undefined
  /**
   * The signed content. Default: Cold Mail Reseller `'body'`, InboxKit `'token'`, OpenMail `'timestamp.body'`; for others the
   * first reading that suits the secret, of those that the provider names.
   */
  readonly reading?: SigningReading | (string & {}) | undefined
  /** The encoding of the signature. Default `'hex'`, or as the provider says. */
  readonly encoding?: 'hex' | 'base64' | undefined
  /** The text before the signature. Default none, InboxKit `'sha256='`, or as the provider says. */
  readonly prefix?: string | undefined
  /** The form of the timestamp. Default `'seconds'`, for InboxKit `'iso'`, or as the provider says. */
  readonly time?: TimeForm | undefined
  /** Sets or replaces headers by lower-case names. `undefined` omits one. */
  readonly headers?: Readonly<Record<string, string | undefined>> | undefined
}

type Signing = NonNullable<Sender['signing']>

/** Returns the headers of the signature, by a sender that is described on its own. */
export function signAs(
  signing: Signing,
  { body }: { readonly body: string | Uint8Array },
  options: SigningOptions,
): Record<string, string> {
  const { secret, at = Date.now(), encoding = 'hex' } = options
  const { reading = signing.reading, prefix = signing.prefix, time = signing.time } = options
  const timestamp = writeTime(new Date(at), time)
  return {
    [signing.timestampHeader]: timestamp,
    [signing.signatureHeader]: prefix + sign(reading, { secret, timestamp, body, encoding }),
  }
}

interface Content {
  readonly secret: string | Uint8Array
  readonly timestamp: string
  readonly body: string | Uint8Array
  readonly encoding: 'hex' | 'base64'
}

function sign(reading: string, { secret, timestamp, body, encoding }: Content): string {
  if (reading === 'token') return createHash('sha256').update(secret).digest(encoding)
  const hmac = createHmac('sha256', secret)
  if (reading === 'timestamp.body') hmac.update(`${timestamp}.`)
  return hmac.update(body).digest(encoding)
}

export function writeTime(at: Date, form: TimeForm): string {
  if (form === 'iso') return at.toISOString()
  return String(form === 'seconds' ? Math.floor(at.getTime() / 1000) : at.getTime())
}
