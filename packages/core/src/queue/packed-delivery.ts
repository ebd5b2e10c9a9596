import { parseJson } from '../body/parse-json.js'
import type { Delivery } from '../delivery.js'
import type { Issue } from '../errors.js'
import type { AnyEvent } from '../event.js'
import type { HandOffTerms } from '../hand-off.js'
import { ReceivedEvent, ReceivedUnknownEvent } from '../received-event.js'
import { SealError } from '../sealing/sealer.js'
import type { Trust } from '../signature/signature.js'
import type { Boxed, PayloadBox } from './payload-box.js'
import { OpenedDelivery } from './queued-delivery.js'

/** What may be read of a delivery in a queue by whoever can look into it. */
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

/** A delivery as it lies in a queue, for JSON: its facts, and its payload in a form that the facts are bound to. */
export type PackedDelivery = ReadableFacts & Boxed & { readonly format: typeof FORMAT }

/** Jobs outlive the version that made them. */
const FORMAT = 1

/** An event without its payload, as JSON leaves it. */
type PackedEvent =
  | {
      readonly known: true
      readonly type: string
      readonly id: string
      readonly entity?: string
      readonly occurredAt?: string
    }
  | { readonly known: false; readonly name?: string; readonly issues?: readonly Issue[] }

/** What is sealed. */
interface Content {
  readonly event: PackedEvent
  readonly stale?: boolean | undefined
  readonly credentials: readonly string[]
  /** The body as it was received; the payload is made of it again. */
  readonly body: string
}

export function packDelivery(delivery: Delivery, { credentials }: HandOffTerms, box: PayloadBox): PackedDelivery {
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
  return { format: FORMAT, ...facts, ...box.pack(JSON.stringify(content), boundTo(facts)) }
}

/** Throws a `SealError` for what does not open, or was not packed by `packDelivery`. */
export function unpackDelivery(packed: unknown, box: PayloadBox, signal: AbortSignal): OpenedDelivery {
  if (typeof packed !== 'object' || packed === null) throw new SealError('It holds no delivery.')
  const { format, ...facts } = packed as Partial<PackedDelivery>
  if (format !== FORMAT) throw new SealError(`It is of format ${format}, and this version knows format ${FORMAT}.`)
  // What opens was packed by packDelivery: the facts are bound to the content.
  const known = facts as ReadableFacts
  const { event, stale, credentials, body } = JSON.parse(box.unpack(facts, boundTo(known))) as Content
  const bytes = Buffer.from(body)
  return new OpenedDelivery(
    {
      ...known,
      event: restoredEvent(event, parseJson(bytes), credentials),
      sentAt: new Date(known.sentAt),
      receivedAt: new Date(known.receivedAt),
      stale,
    },
    { credentials, body: bytes, signal },
  )
}

function restoredEvent(packed: PackedEvent, payload: unknown, credentials: readonly string[]): AnyEvent {
  if (!packed.known) return new ReceivedUnknownEvent({ name: packed.name, payload, issues: packed.issues }, credentials)
  const { type, id, entity, occurredAt } = packed
  const occurredAtMs = occurredAt === undefined ? undefined : Date.parse(occurredAt)
  return new ReceivedEvent({ type, id, entity, occurredAtMs, payload }, credentials)
}

/** In one order: databases keep the fields of JSON in another. */
const boundTo = ({ id, provider, account, type, trust, sentAt, receivedAt, attempt }: ReadableFacts) =>
  JSON.stringify([FORMAT, id, provider, account, type, trust, sentAt, receivedAt, attempt])
