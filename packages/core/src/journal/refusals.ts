import { OF_APPLICATION } from './arrival.js'
import type { Headers } from './entry-parts.js'
import type { EntrySealer } from './entry-sealer.js'
import type { JournalRefusal } from './journal.js'
import type { RefusalRow } from './journal-store.js'

/** A request that is refused, before it is sealed. */
export interface RefusedRequest {
  readonly method: string
  readonly headers: Headers
  readonly body?: Uint8Array | undefined
}

export const keptHeaders = (headers: Headers): Headers =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !OF_APPLICATION.has(name)))

export function packRefusal({ method, headers, body }: RefusedRequest): Uint8Array {
  const text = body === undefined ? undefined : Buffer.from(body).toString('base64')
  return Buffer.from(JSON.stringify({ method, headers: keptHeaders(headers), body: text }))
}

export function openRefusal(
  sealer: EntrySealer,
  { id, at, code, provider, keyId, content }: RefusalRow,
): JournalRefusal {
  const opened = sealer.open('refusal', id, keyId, content)
  // As `packRefusal` wrote it.
  const { method, headers, body } = JSON.parse(opened.toString()) as { method: string; headers: Headers; body?: string }
  return {
    id,
    at: new Date(at),
    code,
    ...(provider !== undefined && { provider }),
    method,
    headers,
    ...(body !== undefined && { body: Buffer.from(body, 'base64') }),
  }
}
