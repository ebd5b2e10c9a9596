import type { Issue } from './errors.js'
import type { UnknownEvent } from './event.js'
import { Printable } from './printable.js'

interface KnownParts {
  readonly type: string
  readonly id: string
  readonly occurredAtMs: number | undefined
  readonly entity: string | undefined
  readonly payload: unknown
}

/** An event of a type that has a schema, and fits it. What the provider does not say is no property of it. */
export class ReceivedEvent extends Printable {
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

export class ReceivedUnknownEvent extends Printable implements UnknownEvent {
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
