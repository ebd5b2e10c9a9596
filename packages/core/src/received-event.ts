import type { Issue } from './errors.js'
import type { UnknownEvent } from './event.js'
import { redact } from './redact.js'

/**
 * Printing an event, by `JSON.stringify` or `console.log`, hides the credentials of its payload; `payload` itself is the
 * data. `credentials` names fields to hide beyond those `redact` knows.
 */
abstract class PrintableEvent {
  readonly #credentials: readonly string[]

  constructor(credentials: readonly string[]) {
    this.#credentials = credentials
  }

  toJSON(): unknown {
    return redact({ ...this }, this.#credentials)
  }

  [Symbol.for('nodejs.util.inspect.custom')](): unknown {
    return this.toJSON()
  }
}

interface KnownParts {
  readonly type: string
  readonly id: string
  readonly occurredAtMs: number | undefined
  readonly entity: string | undefined
  readonly payload: unknown
}

/** An event of a type that has a schema, and fits it. What the provider does not say is no property of it. */
export class ReceivedEvent extends PrintableEvent {
  readonly type: string
  readonly id: string
  declare readonly occurredAt?: Date
  declare readonly entity?: string
  readonly known = true
  readonly payload: unknown

  constructor({ type, id, occurredAtMs, entity, payload }: KnownParts, credentials: readonly string[]) {
    super(credentials)
    this.type = type
    this.id = id
    if (occurredAtMs !== undefined) this.occurredAt = new Date(occurredAtMs)
    if (entity !== undefined) this.entity = entity
    this.payload = payload
  }
}

interface UnknownParts {
  readonly name: string | undefined
  readonly payload: unknown
  readonly issues: readonly Issue[] | undefined
}

export class ReceivedUnknownEvent extends PrintableEvent implements UnknownEvent {
  readonly type = 'unknown'
  readonly name: string | undefined
  readonly known = false
  readonly payload: unknown
  declare readonly issues?: readonly Issue[]

  constructor({ name, payload, issues }: UnknownParts, credentials: readonly string[]) {
    super(credentials)
    this.name = name
    this.payload = payload
    if (issues !== undefined) this.issues = issues
  }
}
