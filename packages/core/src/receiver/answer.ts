import type { WebhookError } from '../errors.js'

/** What the receiver itself answers, for an adapter to write as it stands. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** The provider's retry finds the work done. */
export const DUPLICATE: Answer = answer(200, { received: true, duplicate: true })

/** A handler that ended without an answer of its own has handled the delivery. */
export const RECEIVED: Answer = answer(200, { received: true })

/** The delivery is durably in the user's queue. */
export const QUEUED: Answer = answer(200, { received: true, queued: true })

/** Says in one word why, and nothing that helps a forger. */
export function refusal(error: WebhookError, closesConnection: boolean): Answer {
  const headers: Record<string, string> = {}
  if (error.code === 'method_not_allowed') headers.allow = 'POST'
  if (error.retryAfterMs !== undefined)
    headers['retry-after'] = String(Math.max(1, Math.ceil(error.retryAfterMs / 1000)))
  if (closesConnection) headers.connection = 'close'
  return answer(error.status, { received: false, error: error.wireCode }, headers)
}

function answer(status: number, content: object, headers: Record<string, string> = {}): Answer {
  const body = JSON.stringify(content)
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', 'content-length': String(body.length), ...headers },
    body,
  }
}
