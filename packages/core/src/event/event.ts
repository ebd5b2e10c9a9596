import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { Issue } from '../errors.js'
import type { EventSchemas } from '../providers/provider.js'

/**
 * An event that has a schema and fits it: a union over the types in `Events`, narrowed by `type`.
 *
 * `payload` is the provider's own JSON, unchanged, with the fields the schema does not know. Its type is the schema's
 * input, for nothing is transformed.
 */
export type KnownEvent<Events extends EventSchemas = EventSchemas> = {
  [Type in keyof Events & string]: {
    readonly type: Type
    /** The provider's own id of the event; where it gives none, what its deduplication key is made of. */
    readonly id: string
    /** When it happened, where the provider says. */
    readonly occurredAt?: Date
    /** What it is about: a mailbox uid, a domain, an inbox. */
    readonly entity?: string
    readonly known: true
    readonly payload: StandardSchemaV1.InferInput<Events[Type]>
  }
}[keyof Events & string]

/** An authentic event that no schema knows, or, with `invalid: 'deliver'`, one that does not fit its schema. */
export interface UnknownEvent {
  readonly type: 'unknown'
  /** The type on the wire, where there is one. */
  readonly name: string | undefined
  readonly known: false
  readonly payload: unknown
  /** Where a payload of a known type differs from its schema. */
  readonly issues?: readonly Issue[]
}

/** Any event, as the receiver handles it before the provider's own types are known. */
export type AnyEvent = KnownEvent | UnknownEvent
