import { createHash, createHmac } from 'node:crypto'

/** The content of the signature: HMAC over the body, over `timestamp.body`, or the hash of the secret alone. */
export type SigningReading = 'body' | 'timestamp.body' | 'token'

/** The options of a signature. Defaults are those of the provider. */
export interface SigningOptions {
  /** Sets the provider's API key or webhook secret. */
  readonly secret: string | Uint8Array
  /** Sets the time of the delivery. Default now. */
  readonly at?: Date | number | undefined
  /** Sets the signed content. Default: Cold Mail Reseller `'body'`, InboxKit `'token'`, OpenMail `'timestamp.body'`. */
  readonly reading?: SigningReading | undefined
  /** Sets the encoding of the signature. Default `'hex'`. */
  readonly encoding?: 'hex' | 'base64' | undefined
  /** Sets the text before the signature. Default none; InboxKit `'sha256='`. */
  readonly prefix?: string | undefined
  /** Sets the format of the time. Default: Cold Mail Reseller and OpenMail `'seconds'`, InboxKit `'iso'`. */
  readonly time?: TimeForm | undefined
  /** Adds or replaces headers, by lower-case names. `undefined` removes one. */
  readonly headers?: Readonly<Record<string, string | undefined>> | undefined
}

export type TimeForm = 'seconds' | 'milliseconds' | 'iso'

/** The sending side of a provider. It follows the provider's documents and uses no code of the core. */
export interface Sender {
  readonly signatureHeader: string
  readonly timestampHeader: string
  readonly reading: SigningReading
  readonly prefix: string
  readonly time: TimeForm
  /** The further headers, apart from the content type. */
  readonly headers: (event: string, payload: Payload | undefined) => Readonly<Record<string, string>>
  /** The waits after each failed attempt. After the last, the provider gives up. */
  readonly retryAfterMs: readonly number[]
  /** Whether the provider does not retry after a 4xx. */
  readonly clientErrorsAreFinal: boolean
  /** Returns the payload of a later attempt of the same event. */
  readonly repeat: (payload: Payload, attempt: number, at: Date) => Payload
  /** Returns the fields of another event, at the time `at`. */
  readonly identity: (id: string, at: Date) => Payload
}

export type Payload = Readonly<Record<string, unknown>>

/** Returns all headers of a delivery of `body`. */
export function headersOf(
  sender: Sender,
  { event, payload, body }: { event: string; payload: Payload | undefined; body: string | Uint8Array },
  options: SigningOptions,
): Record<string, string> {
  const { secret, at = Date.now(), encoding = 'hex' } = options
  const { reading = sender.reading, prefix = sender.prefix, time = sender.time } = options
  const timestamp = writeTime(new Date(at), time)
  const headers: Record<string, string | undefined> = {
    'content-type': 'application/json',
    ...sender.headers(event, payload),
    [sender.timestampHeader]: timestamp,
    [sender.signatureHeader]: prefix + sign(reading, { secret, timestamp, body, encoding }),
    ...options.headers,
  }
  return Object.fromEntries(Object.entries(headers).filter(isSet))
}

interface Content {
  readonly secret: string | Uint8Array
  readonly timestamp: string
  readonly body: string | Uint8Array
  readonly encoding: 'hex' | 'base64'
}

function sign(reading: SigningReading, { secret, timestamp, body, encoding }: Content): string {
  if (reading === 'token') return createHash('sha256').update(secret).digest(encoding)
  const hmac = createHmac('sha256', secret)
  if (reading === 'timestamp.body') hmac.update(`${timestamp}.`)
  return hmac.update(body).digest(encoding)
}

function writeTime(at: Date, form: TimeForm): string {
  if (form === 'iso') return at.toISOString()
  return String(form === 'seconds' ? Math.floor(at.getTime() / 1000) : at.getTime())
}

const isSet = (header: [string, string | undefined]): header is [string, string] => header[1] !== undefined
