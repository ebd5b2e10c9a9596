import { signatureInvalid, WebhookError } from '../errors.js'
import { readOptions } from '../options/option-rules.js'
import type { HeaderReader } from '../request/webhook-request.js'
import { Signature, type SignatureOptions } from '../signature/signature.js'
import { Timestamp, type TimestampOptions } from '../signature/timestamp.js'
import { checkClaims } from './check-claims.js'
import { DEFINITION } from './definition-rules.js'
import type { EventDescription, EventSchemas, JsonObject, Provider, RetryRules } from './provider.js'

export interface ProviderDefinition<Name extends string, Events extends EventSchemas> {
  /** Names the provider, with lower-case letters, digits, `.`, `_` and `-`. Every deduplication key begins with it. */
  readonly name: Name
  /** Separates several accounts of one provider that share a store. Default none. */
  readonly account?: string | undefined
  readonly signature: SignatureOptions
  /** Describes the timestamp header. Omit it only if deliveries carry no time. */
  readonly timestamp?: TimestampOptions
  readonly retries: RetryRules
  /**
   * Describes the event of an authentic payload. It must not throw, because the payload may have any shape. Read only
   * headers that go into `before`. An attacker can change any other header of a captured request, and the event would be
   * handled again.
   */
  readonly describe: (payload: JsonObject, headers: HeaderReader) => EventDescription
  /** Returns the schemas by event type (Standard Schema: zod, valibot, arktype, …). Called once, at creation. */
  readonly events: () => Events
  /** Names of payload fields that hold credentials, in addition to those that `redact` knows. */
  readonly credentials?: readonly string[]
}

/**
 * Creates a provider from a definition. The built-in providers use nothing else.
 *
 * Throws a `TypeError`, which begins with the name, for a wrong definition.
 *
 * @example
 * const acme = defineProvider({
 *   name: 'acme',
 *   signature: {
 *     header: 'x-acme-signature',
 *     secrets: [process.env.ACME_SECRET],
 *     readings: [{ name: 'body', trust: 'body' }],
 *   },
 *   retries: { spanMs: 3_600_000, maxHandlerMs: 60_000 },
 *   describe: (payload) => ({ type: payload.type, id: payload.id }),
 *   events: () => ({ 'order.paid': z.looseObject({ type: z.string(), id: z.string() }) }),
 * })
 */
export function defineProvider<const Name extends string, Events extends EventSchemas>(
  definition: ProviderDefinition<Name, Events>,
): Provider<Name, Events> {
  readOptions(String(definition?.name ?? 'defineProvider'), definition, DEFINITION)
  const { name, account, retries, describe, credentials = [] } = definition
  const signature = new Signature(name, definition.signature)
  checkClaims(definition)
  const timestamp = definition.timestamp && new Timestamp(name, definition.timestamp)
  const schemas = checkEvents(name, definition.events())

  return {
    name,
    account,
    retries,
    credentials,
    describe,
    secretMarks: signature.secretMarks,
    windowMs: timestamp?.windowMs ?? 0,
    maxAheadMs: (timestamp?.maxAheadSeconds ?? DEFAULT_MAX_AHEAD_SECONDS) * 1000,
    signatureHeader: signature.header,
    timestampHeader: timestamp?.header,
    types: [...schemas.keys()],
    schemaOf: (type) => schemas.get(type),
    examine(headers, nowMs) {
      const presented = signature.parse(headers.header(signature.header) ?? '')
      const proof = signature.proofByToken(presented)
      if (proof === undefined && signature.isTokenOnly) throw signatureInvalid()
      try {
        return { presented, sentAtMs: timestamp?.check(headers, nowMs), proof }
      } catch (error) {
        if (!(error instanceof WebhookError) || error.code !== 'timestamp_invalid') throw error
        const mustBeProven = retries.clientErrorsAreFinal && proof === undefined
        if (!mustBeProven) throw error
        // Only the genuine sender is to be told to send it again, and who sent it the body will tell.
        return { presented, sentAtMs: undefined, proof, refusal: error }
      }
    },
    verify: (examined, headers, body) =>
      examined.proof ?? signature.proofBySignature(examined.presented, headers, body),
  }
}

/** The limit for a provider whose deliveries carry no time, but whose events do. */
const DEFAULT_MAX_AHEAD_SECONDS = 300

/** Names that have another meaning among the keys of `dispatch`. */
const RESERVED_TYPES = ['unknown', 'otherwise']

/** Returns the schemas as a Map, because a type named `constructor` must not find an inherited property. */
function checkEvents<Events extends EventSchemas>(name: string, events: Events): Map<string, Events[string]> {
  if (!events || events instanceof Promise) {
    throw new TypeError(`${name}: events must return the schemas by event type, not a promise`)
  }
  const schemas = new Map(Object.entries(events) as [string, Events[string]][])
  for (const [type, schema] of schemas) {
    if (RESERVED_TYPES.includes(type)) throw new TypeError(`${name}: an event type cannot be named ${type}`)
    if (typeof schema?.['~standard']?.validate !== 'function') {
      throw new TypeError(`${name}: the schema of ${type} is not a Standard Schema (zod, valibot, arktype, …)`)
    }
  }
  return schemas
}
