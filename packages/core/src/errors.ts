/**
 * The reason why a delivery was refused or failed. `docs/errors.md` has a section for each code.
 * Switch on `code`, never on messages.
 */
export type ErrorCode =
  | 'method_not_allowed'
  | 'encoding_unsupported'
  | 'body_too_large'
  | 'provider_unknown'
  | 'signature_missing'
  | 'signature_repeated'
  | 'signature_malformed'
  | 'signature_invalid'
  | 'timestamp_invalid'
  | 'body_already_read'
  | 'body_aborted'
  | 'body_invalid'
  | 'payload_invalid'
  | 'in_flight'
  | 'store_unavailable'
  | 'mark_not_committed'
  | 'hand_off_failed'
  | 'journal_unavailable'
  | 'entry_not_found'
  | 'entry_in_use'
  | 'ticket_spent'
  | 'internal_error'

/** A place where a payload does not match its schema: its path and what was expected there, never the value. */
export interface Issue {
  readonly path: string
  readonly expected: string
}

/** Known to all copies of this module. */
const BRAND = Symbol.for('mailbox-hooks.webhook-error')

interface Details {
  cause?: unknown
  issues?: readonly Issue[] | undefined
  retryAfterMs?: number | undefined
  ageMs?: number | undefined
}

/**
 * A delivery that cannot be handled, because the request is bad or something on our side is down.
 *
 * `message` is for the operator. The sender sees only `wireCode`.
 */
export class WebhookError extends Error {
  /** Recognises the errors of another copy of this module, e.g. of a provider that has a copy of its own. */
  static override [Symbol.hasInstance](value: unknown): value is WebhookError {
    return typeof value === 'object' && value !== null && BRAND in value
  }

  get [BRAND](): true {
    return true
  }

  override readonly name = 'WebhookError'
  readonly code: ErrorCode
  readonly status: number
  readonly issues: readonly Issue[] | undefined
  readonly retryAfterMs: number | undefined
  /** The age that the delivery's timestamp claims, in milliseconds. Negative if the timestamp is in the future. */
  readonly ageMs: number | undefined

  constructor(code: ErrorCode, status: number, message: string, details: Details | WebhookError = {}) {
    const { cause, issues, retryAfterMs, ageMs } = details
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
    this.status = status
    this.issues = issues
    this.retryAfterMs = retryAfterMs
    this.ageMs = ageMs
  }

  /** Returns `status`. Some frameworks read this name. */
  get statusCode(): number {
    return this.status
  }

  /**
   * Returns the code that the sender sees. To the sender all signature errors look the same, so probing reveals nothing.
   */
  get wireCode(): ErrorCode {
    return SIGNATURE_CODES.has(this.code) ? 'signature_invalid' : this.code
  }

  /** Returns the same error with another status, for providers that do not retry after a 4xx. */
  withStatus(status: number): WebhookError {
    return new WebhookError(this.code, status, this.message, this)
  }
}

const SIGNATURE_CODES: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'provider_unknown',
  'signature_missing',
  'signature_repeated',
  'signature_malformed',
  'signature_invalid',
])

export const methodNotAllowed = () =>
  new WebhookError('method_not_allowed', 405, 'Webhooks are delivered by POST. Mount the receiver on a POST route.')

export const encodingUnsupported = () =>
  new WebhookError(
    'encoding_unsupported',
    415,
    'The body has a content-encoding. Signatures cover the bytes as sent, and no provider compresses them. ' +
      'Look for a proxy that compresses requests.',
  )

export const bodyTooLarge = (limitBytes: number) =>
  new WebhookError('body_too_large', 413, `The body is larger than limitBytes (${limitBytes}).`)

export const providerUnknown = () =>
  new WebhookError('provider_unknown', 401, 'The request has no signature header of any configured provider.')

export const signatureMissing = (place: string) => new WebhookError('signature_missing', 401, `The ${place} is empty.`)

export const signatureRepeated = (place: string) =>
  new WebhookError('signature_repeated', 401, `The request has the ${place} more than once.`)

export const signatureMalformed = (place: string) =>
  new WebhookError('signature_malformed', 401, `The ${place} does not have the form of a signature.`)

export const signatureInvalid = () =>
  new WebhookError(
    'signature_invalid',
    401,
    'The signature matches none of the secrets. Compare the secret with the one that the provider shows, ' +
      'and make sure that nothing changes the body on its way.',
  )

export const timestampInvalid = (message: string, ageMs?: number) =>
  new WebhookError('timestamp_invalid', 401, message, ageMs === undefined ? {} : { ageMs })

export const bodyAlreadyRead = () =>
  new WebhookError(
    'body_already_read',
    500,
    'Something read the body before the webhook receiver did, so the signed bytes are gone. It was a body parser, or ' +
      'the receiver itself if it is mounted twice. Mount it once, before any body parser (express.json(), ' +
      '@koa/bodyparser, koa-body, request.json()), or keep the bytes: ' +
      'express.json({ verify: (req, res, buffer) => { req.rawBody = buffer } }).',
  )

export const bodyAborted = (cause?: unknown) =>
  new WebhookError('body_aborted', 400, 'The upload ended before the body was complete.', { cause })

export const bodyInvalid = (message: string) => new WebhookError('body_invalid', 400, message)

export const payloadInvalid = (type: string, issues: readonly Issue[]) =>
  new WebhookError('payload_invalid', 422, `The payload of ${type} does not match its schema.`, { issues })

export const inFlight = (retryAfterMs: number) =>
  new WebhookError('in_flight', 503, 'The same event is being handled right now.', { retryAfterMs })

/** The `Retry-After` of an outage whose length is not known. */
const OUTAGE_RETRY_MS = 30_000

export const storeUnavailable = (message: string, cause?: unknown) =>
  new WebhookError('store_unavailable', 503, message, { cause, retryAfterMs: OUTAGE_RETRY_MS })

export const handOffFailed = (message: string, cause?: unknown) =>
  new WebhookError('hand_off_failed', 503, message, { cause, retryAfterMs: OUTAGE_RETRY_MS })

export const journalUnavailable = (message: string, cause?: unknown) =>
  new WebhookError('journal_unavailable', 503, message, { cause, retryAfterMs: OUTAGE_RETRY_MS })

export const entryNotFound = () =>
  new WebhookError(
    'entry_not_found',
    404,
    'The journal has no entry for this replay ticket, or its provider is not here.',
  )

export const entryInUse = () =>
  new WebhookError('entry_in_use', 409, 'The event of this replay ticket is being handled right now.')

export const ticketSpent = () =>
  new WebhookError('ticket_spent', 409, 'The event was attempted since this replay ticket was made. Make a new one.')

export const markNotCommitted = () =>
  new WebhookError(
    'mark_not_committed',
    503,
    'The handler answered 2xx, but the transaction of its complete({ within }) was not committed, or the store could ' +
      'not confirm it. Commit before you answer, and answer with an error after a rollback.',
    { retryAfterMs: OUTAGE_RETRY_MS },
  )

/** Creates the error that makes the handler's transaction roll back. */
export const claimLost = () =>
  new Error('The claim was lost, and another process may be handling the event. Do not commit this transaction.')

export const internalError = (cause: unknown) =>
  new WebhookError('internal_error', 500, 'The receiver failed unexpectedly.', { cause })

/**
 * A failure of a database or a queue that is recognised, with advice for the operator. `advice` is printed, so it must
 * contain nothing of the delivery. Message and code are those of the cause.
 */
export class AdvisedFailure extends Error {
  readonly code: unknown
  readonly advice: string

  constructor(cause: unknown, advice: string) {
    const { message, code } = Object(cause)
    super(String(message), { cause })
    this.code = code
    this.advice = advice
  }
}

/** Returns the advice of a failure, to be printed behind other words. */
export const adviceOf = (failure: unknown) => (failure instanceof AdvisedFailure ? ` ${failure.advice}` : '')

/**
 * What a database or a queue calls its failure (`ECONNREFUSED`, `42P01` for a table that is missing), to be printed
 * behind other words: it tells nothing of the delivery.
 */
export function codeOf(failure: unknown): string {
  try {
    const { code } = (failure ?? {}) as { code?: unknown }
    return typeof code === 'string' && /^\w{1,40}$/.test(code) ? ` (${code})` : ''
  } catch {
    // A getter that throws: what waits for this failure must still hear of it.
    return ''
  }
}
