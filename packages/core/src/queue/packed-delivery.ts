import type { Delivery } from '../delivery/delivery.js'
import { type DeliveryClaim, ReceivedDelivery } from '../delivery/received-delivery.js'
import type { Issue } from '../errors.js'
import type { AnyEvent } from '../event/event.js'
import { ReceivedEvent, ReceivedUnknownEvent } from '../event/received-event.js'
import { parseJson } from '../request/parse-json.js'
import type { Trust } from '../signature/trust.js'
import type { HandOffTerms } from './hand-off.js'
import { SealError, type Sealed, type Sealer } from './sealer.js'

/** The part of a queued delivery that anyone with access to the queue can read. */
interface ReadableFacts {
  readonly id: string
  readonly provider: string
  readonly account?: string | undefined
  readonly type: string
  readonly trust: Trust
  readonly sentAt: string
  readonly receivedAt: string
  readonly attempt?: number | undefined
}

/** A delivery in a queue, as JSON: readable facts, and a payload that is sealed and bound to them. */
export type PackedDelivery = ReadableFacts & Sealed & { readonly format: typeof FORMAT }

/** The version of the format. A job may be older than the code that reads it. */
const FORMAT = 1

/** An event without its payload, as JSON. */
type PackedEvent =
  | {
      readonly known: true
      readonly type: string
      readonly id: string
      readonly entity?: string
      readonly occurredAt?: string
    }
  | { readonly known: false; readonly name?: string; readonly issues?: readonly Issue[] }

/** The sealed content. */
interface Content {
  readonly event: PackedEvent
  readonly stale?: boolean | undefined
  readonly credentials: readonly string[]
  /** The body as received. The payload is parsed from it again. */
  readonly body: string
}

export function packDelivery(delivery: Delivery, { credentials }: HandOffTerms, sealer: Sealer): PackedDelivery {
  const { id, provider, account, trust, sentAt, receivedAt, attempt, stale } = delivery
  const { payload: _, ...event } = delivery.event
  const facts = {
    id,
    provider,
    account,
    type: event.type,
    trust,
    sentAt: sentAt.toISOString(),
    receivedAt: receivedAt.toISOString(),
    attempt,
  }
  const content = { event, stale, credentials, body: Buffer.from(delivery.rawBody()).toString() }
  return { format: FORMAT, ...facts, ...sealer.seal(JSON.stringify(content), boundTo(facts)) }
}

/** A delivery from a queue, and the names of the payload fields that hold its credentials. */
export interface OpenedDelivery {
  readonly delivery: ReceivedDelivery
  readonly credentials: readonly string[]
}

/** Opens a packed delivery. Throws a `SealError` if it cannot be opened, or was not packed by `packDelivery`. */
export function unpackDelivery(packed: unknown, sealer: Sealer, signal: AbortSignal): OpenedDelivery {
  if (typeof packed !== 'object' || packed === null) throw new SealError('It holds no delivery.')
  const { format, ...facts } = packed as Partial<PackedDelivery>
  if (format !== FORMAT) throw new SealError(`It has format ${format}, and this version reads format ${FORMAT}.`)
  // If it opens, packDelivery packed it, because the facts are bound to the content.
  const known = facts as ReadableFacts
  const { event, stale, credentials, body } = JSON.parse(sealer.open(facts, boundTo(known))) as Content
  const bytes = Buffer.from(body)
  const delivery = new ReceivedDelivery(
    {
      ...known,
      event: restoredEvent(event, parseJson(bytes), credentials),
      sentAt: new Date(known.sentAt),
      receivedAt: new Date(known.receivedAt),
      stale,
    },
    { body: bytes, credentials, claim: settledBefore(signal) },
  )
  return { delivery, credentials }
}

/** Replaces the claim of a queued delivery. The event was settled when it was queued, so the end of the job decides. */
const settledBefore = (signal: AbortSignal): DeliveryClaim => ({
  signal,
  complete: () => Promise.resolve(false),
  release: () => Promise.resolve(false),
})

function restoredEvent(packed: PackedEvent, payload: unknown, credentials: readonly string[]): AnyEvent {
  if (!packed.known) return new ReceivedUnknownEvent({ name: packed.name, payload, issues: packed.issues }, credentials)
  const { type, id, entity, occurredAt } = packed
  const occurredAtMs = occurredAt === undefined ? undefined : Date.parse(occurredAt)
  return new ReceivedEvent({ type, id, entity, occurredAtMs, payload }, credentials)
}

/** Lists the facts in a fixed order, because databases reorder the fields of JSON. */
const boundTo = ({ id, provider, account, type, trust, sentAt, receivedAt, attempt }: ReadableFacts) =>
  JSON.stringify([FORMAT, id, provider, account, type, trust, sentAt, receivedAt, attempt])
