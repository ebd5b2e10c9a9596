import type { Issue } from '../errors.js'
import type { EventTypeName } from './event-type-name.js'

/** The properties of an event that matches its schema, whatever its type. */
interface EventFacts {
  /** The provider's own id of the event, or a hash of the body if it gives none. */
  readonly id: string
  /** The time of the event, if the provider gives it. */
  readonly occurredAt?: Date
  /** The object that the event is about: a mailbox uid, a domain, an inbox. */
  readonly entity?: string
  readonly known: true
}

/**
 * An event of one type. `Events` maps each event type of a provider to its payload.
 *
 * @example
 * function notify({ payload }: EventOf<'message.received', OpenMailEvents>) {
 *   console.log(payload.message.subject)
 * }
 */
export interface EventOf<Type extends keyof Events, Events> extends EventFacts {
  readonly type: Type
  /**
   * The provider's own JSON, unchanged. It keeps the fields that the schema does not name. The type names only those of
   * the schema, so that a misspelt one is an error. Read another by a cast: `(payload as { extra?: unknown }).extra`.
   */
  readonly payload: Events[Type]
}

/** An event that matches its schema, without the types of a specific provider. */
export interface NamedEvent extends EventFacts {
  readonly type: EventTypeName
  readonly payload: unknown
}

/** An event that matches its schema: a union over the types in `Events`, narrowed by `type`. */
export type KnownEvent<Events = unknown> = {
  [Type in TypesIn<Events>]: string extends Type ? NamedEvent : EventOf<Type & keyof Events, Events>
}[TypesIn<Events>]

/** The types in `Events`, or any text if the events are not known. */
type TypesIn<Events> = unknown extends Events ? string : keyof Events & string

/** An authentic event without a schema. With `invalid: 'deliver'`, also an event that does not match its schema. */
export interface UnknownEvent {
  readonly type: 'unknown'
  /** The type as the provider sent it, if there is one. */
  readonly name: string | undefined
  readonly known: false
  readonly payload: unknown
  /** The places where a payload of a known type does not match its schema. */
  readonly issues?: readonly Issue[]
}

/** Any event, without the types of a specific provider. */
export type AnyEvent = KnownEvent | UnknownEvent
