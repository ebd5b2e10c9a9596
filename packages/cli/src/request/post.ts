import { createHash } from 'node:crypto'
import { type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import type { SignedDelivery } from '@mailbox-hooks/testing'
import { printable } from '../output/printable.js'

export interface Answer {
  readonly status: number
  /** Safe to print. */
  readonly body: string
}

/** The result of a delivery. Times are those of `performance.now()`. */
export interface Exchange {
  /** The status of the answer. Undefined if there was none. */
  readonly answer: Answer | undefined
  /** The error, if there was no answer. */
  readonly failure?: string
  readonly startedAtMs: number
  readonly endedAtMs: number
}

/** Limits how much of an answer is kept. */
const KEPT_BYTES = 10_000

export interface PostOptions {
  /** The provider's secret, even if the delivery is signed with another. */
  readonly secret: string
  readonly timeoutMs: number
}

/**
 * Sends one delivery on its own connection. It follows no redirect, because that could lead to another machine. Never
 * rejects, and ends within the time-out.
 *
 * It hides the secret and the signature in the answer, so that no command can print them.
 */
export async function post(
  url: URL,
  delivery: SignedDelivery<string | Uint8Array>,
  { secret, timeoutMs }: PostOptions,
): Promise<Exchange> {
  const startedAtMs = performance.now()
  try {
    const { status, body } = await exchange(url, delivery, timeoutMs)
    const answer = { status, body: printable(body, [secret, ...hashesOf(secret), ...signaturesIn(delivery.headers)]) }
    return { answer, startedAtMs, endedAtMs: performance.now() }
  } catch (error) {
    return {
      answer: undefined,
      failure: printable(reasonOf(error), [secret]),
      startedAtMs,
      endedAtMs: performance.now(),
    }
  }
}

/** Returns InboxKit's token, because a receiver that refuses a forgery may answer with the expected value. */
const hashesOf = (secret: string) => encodingsOf(createHash('sha256').update(secret).digest())

/** Returns signatures without their prefix, which an answer may omit, also in the encodings that a receiver may use. */
const signaturesIn = (headers: Readonly<Record<string, string>>) =>
  Object.entries(headers)
    .filter(([name]) => name.endsWith('-signature'))
    .map(([, value]) => value.replace(/^sha256=/, ''))
    .flatMap((value) => [value, ...encodingsOf(Buffer.from(value, /^[0-9a-f]+$/i.test(value) ? 'hex' : 'base64'))])

const encodingsOf = (bytes: Buffer) =>
  (['hex', 'base64', 'base64url'] as const).map((encoding) => bytes.toString(encoding))

function exchange(
  url: URL,
  { headers, body, query }: SignedDelivery<string | Uint8Array>,
  timeoutMs: number,
): Promise<Answer> {
  const send = url.protocol === 'https:' ? requestHttps : requestHttp
  const length = String(Buffer.byteLength(body))
  return new Promise<Answer>((resolve, reject) => {
    const request = send(withQuery(url, query), {
      method: 'POST',
      headers: { ...headers, 'content-length': length },
      agent: false,
    })
    const timer = setTimeout(() => request.destroy(new Error(TOO_LATE)), timeoutMs)
    request
      .on('response', (response) => {
        readText(response).then((text) => resolve({ status: response.statusCode ?? 0, body: text }), reject)
      })
      .on('error', reject)
      .on('close', () => clearTimeout(timer))
      .end(body)
  })
}

function withQuery(url: URL, query: string | undefined): URL {
  if (query === undefined) return url
  const whole = new URL(url)
  whole.search = whole.search === '' ? query : `${whole.search}&${query}`
  return whole
}

const TOO_LATE = 'no answer in time'

async function readText(response: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of response.setEncoding('utf8')) {
    if (text.length < KEPT_BYTES) text += chunk
  }
  return text
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'ECONNREFUSED') return 'connection refused'
  return code === '' && error instanceof Error ? error.message : code
}
