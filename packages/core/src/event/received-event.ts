import type { Issue } from '../errors.js'
import { hideGetters } from '../redaction/hide-getters.js'
import { printRedacted } from '../redaction/print-redacted.js'
import { redact } from '../redaction/redact.js'
import type { KnownEvent, UnknownEvent } from './event.js'
import type { EventTypeName } from './event-type-name.js'

/**
 * Holds a payload. It is not a property of the event's own, because loggers read those one by one, past `toJSON`.
 */
class PayloadHolder {
  static {
    hideGetters(PayloadHolder)
  }

  readonly #payload: unknown

  constructor(payload: unknown) {
    this.#payload = payload
  }

  get payload(): unknown {
    return this.#payload
  }
}

interface KnownParts {
  readonly type: string
  readonly id: string
  readonly occurredAtMs: number | undefined
  readonly entity: string | undefined
  readonly payload: unknown
}

/** An event that matches its schema. It has no property for a value that the provider did not send. */
export class ReceivedEvent extends PayloadHolder implements KnownEvent {
  static {
    printRedacted(ReceivedEvent, (event) => redact({ ...event, payload: event.payload }, event.#credentials))
  }

  readonly type: EventTypeName
  readonly id: string
  declare readonly occurredAt?: Date
  declare readonly entity?: string
  readonly known = true
  readonly #credentials: readonly string[]

  constructor({ type, id, occurredAtMs, entity, payload }: KnownParts, credentials: readonly string[]) {
    super(payload)
    // No schema has the name `unknown`.
    this.type = type as EventTypeName
    this.id = id
    if (occurredAtMs !== undefined) this.occurredAt = new Date(occurredAtMs)
    if (entity !== undefined) this.entity = entity
    this.#credentials = credentials
  }
}

interface UnknownParts {
  readonly name: string | undefined
  readonly payload: unknown
  readonly issues: readonly Issue[] | undefined
}

/** An authentic event that has no schema, or does not match it. */
export class ReceivedUnknownEvent extends PayloadHolder implements UnknownEvent {
  static {
    printRedacted(ReceivedUnknownEvent, (event) => redact({ ...event, payload: event.payload }, event.#credentials))
  }

  readonly type = 'unknown'
  readonly name: string | undefined
  readonly known = false
  declare readonly issues?: readonly Issue[]
  readonly #credentials: readonly string[]

  constructor({ name, payload, issues }: UnknownParts, credentials: readonly string[]) {
    super(payload)
    this.name = name
    if (issues !== undefined) this.issues = issues
    this.#credentials = credentials
  }
}
