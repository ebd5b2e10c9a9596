import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { Issue } from '../errors.js'
import type { EventSchemas } from '../providers/provider.js'

/**
 * An event that matches its schema: a union over the types in `Events`, narrowed by `type`.
 *
 * `payload` is the provider's own JSON, unchanged, with the fields that the schema does not know. Its type is the schema's
 * input, because the payload is not transformed.
 */
export type KnownEvent<Events extends EventSchemas = EventSchemas> = {
  [Type in keyof Events & string]: {
    readonly type: Type
    /** The provider's own id of the event, or a hash of the body if it gives none. */
    readonly id: string
    /** The time of the event, if the provider gives it. */
    readonly occurredAt?: Date
    /** The object that the event is about: a mailbox uid, a domain, an inbox. */
    readonly entity?: string
    readonly known: true
    readonly payload: StandardSchemaV1.InferInput<Events[Type]>
  }
}[keyof Events & string]

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
