import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { Issue } from '../errors.js'
import type { Provider } from '../providers/provider.js'
import type { JsonObject } from '../request/parse-json.js'
import type { HeaderReader } from '../request/webhook-request.js'
import { parseTime } from '../signature/timestamp.js'
import { type About, readAbout } from './about.js'
import type { AnyEvent } from './event.js'
import { eventId } from './event-id.js'
import { ReceivedEvent, ReceivedUnknownEvent } from './received-event.js'

/** An authentic payload, as far as it says what it is. */
export interface RecognizedEvent {
  readonly event: AnyEvent
  /** The type on the wire, whether a schema knows it or not. */
  readonly type: string | undefined
  /** What identifies the event within its provider. */
  readonly eventId: string
  /** False when the provider gives no id and the body's hash stands in. */
  readonly hasNativeId: boolean
  readonly entity: string | undefined
  readonly occurredAtMs: number | undefined
  readonly attempt: number | undefined
  /** Reads what the event is about. Costs more than the rest, so only a journal asks. */
  readonly about: () => About
  /** Where the payload differs from its schema; undefined when it fits, or has none. */
  readonly issues: readonly Issue[] | undefined
}

/** What the signature was good for. */
interface AuthenticParts {
  readonly payload: JsonObject
  readonly body: Uint8Array
  readonly headers: HeaderReader
}

/**
 * Gives a payload its type. One that no schema knows becomes `unknown`: refusing it would lose the event, or make the
 * provider repeat it for nothing. One that does not fit its schema becomes `unknown` with its issues.
 */
export async function recognizeEvent(
  provider: Provider,
  { payload, body, headers }: AuthenticParts,
): Promise<RecognizedEvent> {
  const described = provider.describe(payload, headers)
  const type = textOf(described.type)
  const schema = type === undefined ? undefined : provider.schemaOf(type)
  const validated = schema?.['~standard'].validate(payload)
  // Most schemas answer at once; awaiting them all the same takes as long as a small schema.
  const issues = issuesOf(validated instanceof Promise ? await validated : validated)
  const { id, isNative } = eventId(described.id, body)
  const entity = textOf(described.entity)
  const occurredAtMs = typeof described.occurredAt === 'string' ? parseTime(described.occurredAt, 'iso') : undefined
  const event: AnyEvent =
    schema === undefined || issues !== undefined
      ? new ReceivedUnknownEvent({ name: type, payload, issues }, provider.credentials)
      : new ReceivedEvent({ type: type!, id, occurredAtMs, entity, payload }, provider.credentials)
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

/** Undefined when the payload fits, or has no schema. */
function issuesOf(result: StandardSchemaV1.Result<unknown> | undefined): readonly Issue[] | undefined {
  return result?.issues?.slice(0, MAX_ISSUES).map((issue) => ({ path: pathOf(issue), expected: expectationOf(issue) }))
}

/** The sender chooses how many there are; nobody reads more. */
const MAX_ISSUES = 20

/** The sender chooses how long a name is, too, and outcomes are printed. */
export const MAX_PRINTED = 200

function pathOf({ path = [] }: StandardSchemaV1.Issue): string {
  return path
    .map((segment) => String(typeof segment === 'object' ? segment.key : segment))
    .join('.')
    .slice(0, MAX_PRINTED)
}

/**
 * What a schema library expected. Its message is left out, for some libraries quote the value in it; these fields are
 * about the schema alone.
 */
function expectationOf(issue: StandardSchemaV1.Issue): string {
  const { expected, values, code } = issue as { expected?: unknown; values?: unknown; code?: unknown }
  if (typeof expected === 'string') return expected
  if (Array.isArray(values)) return values.map(String).join(' or ')
  // A check of its own kind is named `custom`, which tells nobody anything.
  return typeof code === 'string' && code !== 'custom' ? code : 'another value'
}

const textOf = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined)
