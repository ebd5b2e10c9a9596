import type { WebhookError } from '../errors.js'

/** An answer of the receiver, which an adapter writes unchanged. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Answers a delivery whose event was already handled. */
export const DUPLICATE: Answer = answer(200, { received: true, duplicate: true })

/** Answers a delivery whose handler ended without an answer. */
export const RECEIVED: Answer = answer(200, { received: true })

/** Answers a delivery that the user's queue has stored. */
export const QUEUED: Answer = answer(200, { received: true, queued: true })

/** Creates the answer of a refused delivery. Its only detail is `wireCode`, which does not help a forger. */
export function refusal(error: WebhookError, closesConnection: boolean): Answer {
  const headers: Record<string, string> = {}
  if (error.code === 'method_not_allowed') headers.allow = 'POST'
  if (error.retryAfterMs !== undefined)
    headers['retry-after'] = String(Math.max(1, Math.ceil(error.retryAfterMs / 1000)))
  if (closesConnection) headers.connection = 'close'
  return answer(error.status, { received: false, error: error.wireCode }, headers)
}

/** Repeats the text by which a provider makes sure of the address. No browser takes it for anything but a text. */
export const echo = (text: string): Answer => ({
  status: 200,
  headers: {
    'content-type': 'text/plain; charset=utf-8',
    'content-length': String(text.length),
    'x-content-type-options': 'nosniff',
  },
  body: text,
})

function answer(status: number, content: object, headers: Record<string, string> = {}): Answer {
  const body = JSON.stringify(content)
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', 'content-length': String(body.length), ...headers },
    body,
  }
}
