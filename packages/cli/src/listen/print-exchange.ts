import { redact } from '@mailbox-hooks/core'
import { printableJson } from '@mailbox-hooks/core/queue'
import type { PassedExchange } from '@mailbox-hooks/inspector'
import type { Channel } from '../output/output.js'
import { printable } from '../output/printable.js'

/** Prints one line of JSON, its payload without credentials. */
export function printJson(exchange: PassedExchange, stdout: Channel): void {
  const { at, method, url, provider, type, isVerified, code, status, durationMs, body } = exchange
  const head = {
    at,
    method,
    path: url.split('?', 1)[0],
    provider,
    type,
    verified: isVerified,
    code,
    status,
    durationMs,
  }
  stdout.line(printableJson({ ...head, bytes: body.length, payload: redact(payloadIn(body)) }))
}

/** Prints a line that a person reads. */
export function printLine(
  { provider, type, status, durationMs, code, method, url }: PassedExchange,
  stdout: Channel,
): void {
  const color = status === 0 || status >= 500 ? 'yellow' : status >= 400 ? 'red' : 'green'
  const shown = status === 0 ? 'no answer' : String(status)
  const what = provider === undefined ? `${method} ${url.split('?', 1)[0]}` : `${provider}  ${type ?? 'unknown'}`
  const parts = [stdout.style(color, shown), printable(what, []), `${durationMs} ms`, code ?? '']
  stdout.line(parts.join('  ').trimEnd())
}

function payloadIn(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString())
  } catch {
    return undefined
  }
}
