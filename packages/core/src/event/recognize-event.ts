import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { Issue } from '../errors.js'
import { andThen, type MaybePromise } from '../options/maybe-promise.js'
import type { EventDescription, Provider } from '../providers/provider.js'
import type { JsonObject } from '../request/parse-json.js'
import type { HeaderReader } from '../request/webhook-request.js'
import { parseTime } from '../signature/timestamp.js'
import { type About, readAbout } from './about.js'
import type { AnyEvent } from './event.js'
import { eventId } from './event-id.js'
import { ReceivedEvent, ReceivedUnknownEvent } from './received-event.js'

/** The event of an authentic payload. */
export interface RecognizedEvent {
  readonly event: AnyEvent
  /** The type as the provider sent it, with or without a schema. */
  readonly type: string | undefined
  /** What identifies the event within its provider. */
  readonly eventId: string
  /** False if the provider gives no id, so that the hash of the body is used. */
  readonly hasNativeId: boolean
  readonly entity: string | undefined
  readonly occurredAtMs: number | undefined
  readonly attempt: number | undefined
  /** Reads what the event is about. Costs more than the rest, so only a journal asks. */
  readonly about: () => About
  /** The places where the payload does not match its schema. Undefined if it matches, or has no schema. */
  readonly issues: readonly Issue[] | undefined
}

/** The verified parts of a request. */
interface AuthenticParts {
  readonly payload: JsonObject
  readonly body: Uint8Array
  readonly headers: HeaderReader
}

/**
 * Determines the event of a payload. A type without a schema becomes `unknown`, because a refusal would lose the event or
 * cause useless retries. A payload that does not match its schema becomes `unknown` with its issues.
 */
export function recognizeEvent(provider: Provider, parts: AuthenticParts): MaybePromise<RecognizedEvent> {
  const { payload, headers } = parts
  const described = provider.describe(payload, headers)
  const type = textOf(described.type)
  const schema = type === undefined ? undefined : provider.schemaOf(type)
  if (schema === undefined) return toEvent(provider, described, parts, { type, isKnown: false, issues: undefined })
  return andThen(schema['~standard'].validate(payload), (result) => {
    const issues = issuesOf(result)
    return toEvent(provider, described, parts, { type, isKnown: issues === undefined, issues })
  })
}

/** What the schemas say of a payload. */
interface Verdict {
  readonly type: string | undefined
  /** Whether there is a schema and the payload matches it. */
  readonly isKnown: boolean
  readonly issues: readonly Issue[] | undefined
}

function toEvent(
  provider: Provider,
  described: EventDescription,
  { payload, body }: AuthenticParts,
  { type, isKnown, issues }: Verdict,
): RecognizedEvent {
  const { id, isNative } = eventId(described.id, body)
  const entity = textOf(described.entity)
  const occurredAtMs = typeof described.occurredAt === 'string' ? parseTime(described.occurredAt, 'iso') : undefined
  const event: AnyEvent = isKnown
    ? new ReceivedEvent({ type: type!, id, occurredAtMs, entity, payload }, provider.credentials)
    : new ReceivedUnknownEvent({ name: type, payload, issues }, provider.credentials)
  return {
    event,
    type,
    eventId: id,
    hasNativeId: isNative,
    entity,
    occurredAtMs,
    attempt: typeof described.attempt === 'number' ? described.attempt : undefined,
    about: () => readAbout(described.about),
    issues,
  }
}

/** Returns the issues. Undefined if the payload matches. */
function issuesOf(result: StandardSchemaV1.Result<unknown>): readonly Issue[] | undefined {
  return result.issues?.slice(0, MAX_ISSUES).map((issue) => ({ path: pathOf(issue), expected: expectationOf(issue) }))
}

/** Limits the issues of a payload, because the sender chooses their number. */
const MAX_ISSUES = 20

/** Limits the printed length of a name, because the sender chooses it. */
export const MAX_PRINTED = 200

function pathOf({ path = [] }: StandardSchemaV1.Issue): string {
  return path
    .map((segment) => String(typeof segment === 'object' ? segment.key : segment))
    .join('.')
    .slice(0, MAX_PRINTED)
}

/**
 * Returns what a schema expected. It uses only fields about the schema, because the messages of some libraries quote the
 * value.
 */
function expectationOf(issue: StandardSchemaV1.Issue): string {
  const { expected, values, code } = issue as { expected?: unknown; values?: unknown; code?: unknown }
  if (typeof expected === 'string') return expected
  if (Array.isArray(values)) return values.map(String).join(' or ')
  // A custom check has the code `custom`, which says nothing.
  return typeof code === 'string' && code !== 'custom' ? code : 'another value'
}

const textOf = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined)
