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

/** How one delivery went. Times are of `performance.now()`. */
export interface Exchange {
  /** Undefined when there was none. */
  readonly answer: Answer | undefined
  /** Why there was none. */
  readonly failure?: string
  readonly startedAtMs: number
  readonly endedAtMs: number
}

/** More of an answer than this is not kept. */
const KEPT_BYTES = 10_000

export interface PostOptions {
  /** The provider's secret, also where the delivery is signed with another. */
  readonly secret: string
  readonly timeoutMs: number
}

/**
 * Sends one delivery on a connection of its own and follows no redirect: what may be sent to this machine may not be
 * sent on to another. Never rejects, and takes no longer than it may.
 *
 * What the answer repeats of secret and signature is hidden here, so that no command has it to print.
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
    return { answer: undefined, failure: reasonOf(error), startedAtMs, endedAtMs: performance.now() }
  }
}

/** What InboxKit signs each delivery with. A receiver that refuses a forged one may answer what it expected. */
const hashesOf = (secret: string) =>
  (['hex', 'base64'] as const).map((encoding) => createHash('sha256').update(secret).digest(encoding))

/** Without what stands before them, which an answer may leave out. */
const signaturesIn = (headers: Readonly<Record<string, string>>) =>
  Object.entries(headers)
    .filter(([name]) => name.endsWith('-signature'))
    .map(([, value]) => value.replace(/^sha256=/, ''))

function exchange(
  url: URL,
  { headers, body }: SignedDelivery<string | Uint8Array>,
  timeoutMs: number,
): Promise<Answer> {
  const send = url.protocol === 'https:' ? requestHttps : requestHttp
  const length = String(Buffer.byteLength(body))
  return new Promise<Answer>((resolve, reject) => {
    const request = send(url, { method: 'POST', headers: { ...headers, 'content-length': length }, agent: false })
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
