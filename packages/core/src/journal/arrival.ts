import type { Issue } from '../errors.js'
import { hideGetters } from '../redaction/hide-getters.js'
import { printRedacted } from '../redaction/print-redacted.js'
import type { RawHead, WebhookRequest } from '../request/webhook-request.js'

/** The name of a step of a delivery. `handler` is the time of the handler, or of the hand-off. */
export type ArrivalStepName = 'arrived' | 'verified' | 'recognized' | 'claimed' | 'handler' | 'settled' | 'answered'

export interface ArrivalStep {
  readonly name: ArrivalStepName
  /** The time from the arrival to the end of the step, in milliseconds. */
  readonly endedAtMs: number
}

/** The answer of an application that something else stands in front of. */
export interface ArrivalAnswer {
  readonly status: number
  readonly rawHeaders: readonly string[]
  readonly body: Uint8Array
}

/**
 * A request as it arrived, with what its steps found. A journal in a database keeps method, headers and body of the first
 * delivery alone. Printed, it shows neither headers nor body.
 */
export interface JournalArrival extends RawHead {
  /** The number of the attempt. Undefined for a refusal. */
  readonly attempt?: number | undefined
  readonly receivedAt: Date
  readonly method: string
  /** The exact bytes. Undefined if the headers decided, or if newer ones took their room. */
  readonly body?: Uint8Array | undefined
  /** The steps so far, in their order. */
  readonly steps: readonly ArrivalStep[]
  /** What the event is about: its first address, or its first id. */
  readonly about?: string | undefined
  /** The answered status, once it is known. */
  readonly status?: number | undefined
  readonly reading?: string | undefined
  /** The position of the secret that verified, from 0. */
  readonly secret?: number | undefined
  readonly ageMs?: number | undefined
  readonly issues?: readonly Issue[] | undefined
  /** The reason of a refusal, for the operator. */
  readonly message?: string | undefined
  readonly answer?: ArrivalAnswer | undefined
}

type Found = Pick<JournalArrival, 'status' | 'reading' | 'secret' | 'ageMs' | 'issues' | 'message'>

type Optional<T> = { readonly [Name in keyof T]?: T[Name] | undefined }

/** Collects what is known of a request while it goes through its steps. */
export class ArrivalRecord {
  readonly method: string
  readonly head: RawHead
  readonly receivedAt: Date
  readonly steps: ArrivalStep[] = []
  about: string | undefined
  body: Uint8Array | undefined
  answer: ArrivalAnswer | undefined
  found: Optional<Found> = {}
  /** Whether its bytes count among those that are kept. */
  isKept = false
  readonly #startedAt = performance.now()

  constructor(request: Pick<WebhookRequest, 'method' | 'url' | 'headers' | 'rawHead'>, receivedAt = new Date()) {
    this.receivedAt = receivedAt
    this.method = request.method
    this.head = withoutApplication(request.rawHead?.() ?? headOf(request))
  }

  mark(name: ArrivalStepName): void {
    this.steps.push({ name, endedAtMs: performance.now() - this.#startedAt })
  }

  /** Forgets the bytes, to make room. */
  dropBody(): void {
    this.body = undefined
    this.answer = undefined
  }

  read(attempt: number | undefined): JournalArrival {
    return new ReadArrival(this, attempt)
  }
}

/** Its properties are getters of the class, because loggers print an object's own ones. */
class ReadArrival implements JournalArrival {
  static {
    hideGetters(ReadArrival)
    printRedacted(ReadArrival, ({ attempt, receivedAt, method, steps, reading }) => ({
      ...{ attempt, receivedAt, method, steps, reading },
    }))
  }

  readonly #record: ArrivalRecord
  readonly #attempt: number | undefined

  constructor(record: ArrivalRecord, attempt: number | undefined) {
    this.#record = record
    this.#attempt = attempt
  }

  get attempt() {
    return this.#attempt
  }

  get receivedAt() {
    return this.#record.receivedAt
  }

  get method() {
    return this.#record.method
  }

  get url() {
    return this.#record.head.url
  }

  get rawHeaders() {
    return this.#record.head.rawHeaders
  }

  get local() {
    return this.#record.head.local
  }

  get body() {
    return this.#record.body
  }

  get steps() {
    return [...this.#record.steps]
  }

  get about() {
    return this.#record.about
  }

  get status() {
    return this.#record.found.status
  }

  get reading() {
    return this.#record.found.reading
  }

  get secret() {
    return this.#record.found.secret
  }

  get ageMs() {
    return this.#record.found.ageMs
  }

  get issues() {
    return this.#record.found.issues
  }

  get message() {
    return this.#record.found.message
  }

  get answer() {
    return this.#record.answer
  }
}

/** Where an adapter gives no raw head. */
function headOf(request: Pick<WebhookRequest, 'url' | 'headers'>): RawHead {
  return { url: request.url, rawHeaders: Object.entries(request.headers?.() ?? {}).flat() }
}

/** Credentials of the application, not of the provider: they are kept nowhere. */
export const OF_APPLICATION: ReadonlySet<string> = new Set(['authorization', 'proxy-authorization', 'cookie'])

function withoutApplication({ rawHeaders, ...head }: RawHead): RawHead {
  const kept: string[] = []
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const [name, value] = [rawHeaders[at]!, rawHeaders[at + 1]!]
    if (!OF_APPLICATION.has(name.toLowerCase())) kept.push(name, value)
  }
  return { ...head, rawHeaders: kept }
}
