import type { Issue } from '../errors.js'
import type { AnyEvent } from '../event/event.js'
import { ReceivedEvent, ReceivedUnknownEvent } from '../event/received-event.js'
import type { TraceContext } from '../outcome/observer.js'
import type { JsonObject } from '../request/parse-json.js'
import type { Trust } from '../signature/trust.js'

/**
 * The version of the form in which parts lie in a database. Entries outlive the version that wrote them, so all versions up
 * to this one can be read. Version 2 seals with another cipher than version 1.
 */
export const FORMAT = 2

/** What is known of a delivery beside its bytes. */
export interface EntryMeta {
  readonly id: string
  readonly trust: Trust
  readonly sentAt: number
  readonly receivedAt: number
  readonly attempt?: number | undefined
  readonly entity?: string | undefined
  readonly occurredAt?: number | undefined
  readonly event:
    | { readonly known: true; readonly type: string; readonly id: string }
    | { readonly known: false; readonly name?: string | undefined; readonly issues?: readonly Issue[] | undefined }
  /** Names of payload fields that hold credentials, in addition to those that `redact` knows. */
  readonly credentials: readonly string[]
  /** The place in the receiver's trace at the first receipt. */
  readonly trace?: TraceContext | undefined
}

export type Headers = Readonly<Record<string, string>>

/** The bytes of a delivery. */
export interface EntryContent {
  readonly headers: Headers
  readonly body: Uint8Array
}

export const packMeta = (meta: EntryMeta): Uint8Array => Buffer.from(JSON.stringify(meta))

// What opens was packed by `packMeta`: it is sealed, or its reader has chosen to trust the database.
export const unpackMeta = (bytes: Uint8Array) => JSON.parse(Buffer.from(bytes).toString()) as EntryMeta

const LENGTH_BYTES = 4

/** The length of the headers, the headers as JSON, the body as it came. */
export function packContent({ headers, body }: EntryContent): Uint8Array {
  const head = Buffer.from(JSON.stringify(headers))
  const length = Buffer.alloc(LENGTH_BYTES)
  length.writeUInt32BE(head.length)
  return Buffer.concat([length, head, body])
}

export function unpackContent(bytes: Uint8Array): EntryContent {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const end = LENGTH_BYTES + buffer.readUInt32BE(0)
  return {
    // As `packContent` wrote them.
    headers: JSON.parse(buffer.subarray(LENGTH_BYTES, end).toString()) as Headers,
    body: buffer.subarray(end),
  }
}

/** The event as it was recognised when it came. */
export function restoreEvent({ event, entity, occurredAt, credentials }: EntryMeta, payload: JsonObject): AnyEvent {
  if (!event.known) return new ReceivedUnknownEvent({ name: event.name, payload, issues: event.issues }, credentials)
  const { type, id } = event
  return new ReceivedEvent({ type, id, entity, occurredAtMs: occurredAt, payload }, credentials)
}

/** What an event says of itself in an entry. */
export function eventMeta(event: AnyEvent): EntryMeta['event'] {
  if (!event.known) return { known: false, name: event.name, issues: event.issues }
  return { known: true, type: event.type, id: event.id }
}
