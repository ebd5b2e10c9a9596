import type { Delivery } from '../delivery/delivery.js'
import { type DeliveryClaim, type DeliveryFacts, ReceivedDelivery } from '../delivery/received-delivery.js'
import type { Issue } from '../errors.js'
import type { AnyEvent } from '../event/event.js'
import { ReceivedEvent, ReceivedUnknownEvent } from '../event/received-event.js'
import type { TraceContext } from '../outcome/observer.js'
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
  // Jobs of earlier versions lack these.
  readonly replayed?: true | undefined
  readonly jobId?: string | undefined
  readonly queuedAt?: number | undefined
  readonly trace?: TraceContext | undefined
}

export function packDelivery(delivery: Delivery, terms: HandOffTerms, sealer: Sealer): PackedDelivery {
  const { id, provider, account, trust, sentAt, receivedAt, attempt, stale, replayed } = delivery
  const { credentials, jobId, trace } = terms
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
  const body = Buffer.from(delivery.rawBody()).toString()
  const content = { event, stale, replayed, credentials, jobId, queuedAt: Date.now(), trace, body }
  return { format: FORMAT, ...facts, ...sealer.seal(JSON.stringify(content), boundTo(facts)) }
}

/** A delivery from a queue, before its run. */
export interface OpenedJob {
  readonly facts: DeliveryFacts
  /** The names of the payload fields that hold credentials. */
  readonly credentials: readonly string[]
  /** The job's id at the hand-off. Undefined in a job of an earlier version. */
  readonly jobId: string | undefined
  /** When it was put into the queue, in milliseconds since 1970. */
  readonly queuedAtMs: number
  readonly trace: TraceContext | undefined
  /** Makes the delivery for the handler. */
  deliver(claim: DeliveryClaim): ReceivedDelivery
}

/** Opens a packed delivery. Throws a `SealError` if it cannot be opened, or was not packed by `packDelivery`. */
export function openJob(packed: unknown, sealer: Sealer): OpenedJob {
  if (typeof packed !== 'object' || packed === null) throw new SealError('It holds no delivery.')
  const { format, ...given } = packed as Partial<PackedDelivery>
  if (format !== FORMAT) throw new SealError(`It has format ${format}, and this version reads format ${FORMAT}.`)
  // If it opens, packDelivery packed it, because the facts are bound to the content.
  const known = given as ReadableFacts
  const content = JSON.parse(sealer.open(given, boundTo(known))) as Content
  const { credentials, stale, replayed, jobId, trace } = content
  const body = Buffer.from(content.body)
  const receivedAt = new Date(known.receivedAt)
  const facts = {
    ...known,
    event: restoredEvent(content.event, parseJson(body), credentials),
    sentAt: new Date(known.sentAt),
    receivedAt,
    stale,
    replayed,
  }
  return {
    facts,
    credentials,
    jobId,
    queuedAtMs: content.queuedAt ?? receivedAt.getTime(),
    trace,
    deliver: (claim) => new ReceivedDelivery(facts, { body, credentials, claim }),
  }
}

/** Returns the facts that anyone can read, as far as a job holds them. They are unproven. */
export function readableFacts(packed: unknown): Partial<Pick<ReadableFacts, 'id' | 'provider' | 'account' | 'type'>> {
  const facts: Record<string, string> = {}
  for (const name of ['id', 'provider', 'account', 'type']) {
    const value: unknown = Object(packed)[name]
    if (typeof value === 'string') facts[name] = value
  }
  return facts
}

function restoredEvent(packed: PackedEvent, payload: unknown, credentials: readonly string[]): AnyEvent {
  if (!packed.known) return new ReceivedUnknownEvent({ name: packed.name, payload, issues: packed.issues }, credentials)
  const { type, id, entity, occurredAt } = packed
  const occurredAtMs = occurredAt === undefined ? undefined : Date.parse(occurredAt)
  return new ReceivedEvent({ type, id, entity, occurredAtMs, payload }, credentials)
}

/** Lists the facts in a fixed order, because databases reorder the fields of JSON. */
const boundTo = ({ id, provider, account, type, trust, sentAt, receivedAt, attempt }: ReadableFacts) =>
  JSON.stringify([FORMAT, id, provider, account, type, trust, sentAt, receivedAt, attempt])
