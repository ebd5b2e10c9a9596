import { createHash, createHmac } from 'node:crypto'

/** What the signature is made of: HMAC over the body, over `timestamp.body`, or the hash of the secret alone. */
export type SigningReading = 'body' | 'timestamp.body' | 'token'

/** How a delivery is signed. What is left out is as the provider does it. */
export interface SigningOptions {
  /** The provider's API key or webhook secret. */
  readonly secret: string | Uint8Array
  /** When the delivery is sent. Default now. */
  readonly at?: Date | number | undefined
  /** Default: Cold Mail Reseller `'body'`, InboxKit `'token'`, OpenMail `'timestamp.body'`. */
  readonly reading?: SigningReading | undefined
  /** How the signature is written. Default `'hex'`. */
  readonly encoding?: 'hex' | 'base64' | undefined
  /** What stands before it. Default none; InboxKit `'sha256='`. */
  readonly prefix?: string | undefined
  /** How the time is written. Default: Cold Mail Reseller and OpenMail `'seconds'`, InboxKit `'iso'`. */
  readonly time?: TimeForm | undefined
  /** Headers to add or to replace, in lower case; `undefined` leaves one out. */
  readonly headers?: Readonly<Record<string, string | undefined>> | undefined
}

export type TimeForm = 'seconds' | 'milliseconds' | 'iso'

/** The sending side of a provider, from its documents and from nothing of the core. */
export interface Sender {
  readonly signatureHeader: string
  readonly timestampHeader: string
  readonly reading: SigningReading
  readonly prefix: string
  readonly time: TimeForm
  /** What else it sends, apart from the content type. */
  readonly headers: (event: string, payload: Payload | undefined) => Readonly<Record<string, string>>
  /** How long it waits after each attempt that failed; then it gives up. */
  readonly retryAfterMs: readonly number[]
  /** It takes a 4xx as final. */
  readonly clientErrorsAreFinal: boolean
  /** The payload as a later attempt of the same event carries it. */
  readonly repeat: (payload: Payload, attempt: number, at: Date) => Payload
  /** The fields that make an event another one, which happened at `at`. */
  readonly identity: (id: string, at: Date) => Payload
}

export type Payload = Readonly<Record<string, unknown>>

/** All headers of one delivery of `body`. */
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
