import { readOptions } from '../options/option-rules.js'
import { atOnce, ignoreRejection, isThenable } from '../options/thenable.js'
import type { HeaderReader } from '../request/webhook-request.js'
import type { Places } from '../signature/places.js'
import { algorithmOf, isContent, isToken, provesTime } from '../signature/readings.js'
import { Signature, type SignatureOptions } from '../signature/signature.js'
import { Timestamp, type TimestampOptions } from '../signature/timestamp.js'
import { checkClaims } from './check-claims.js'
import { checkScheme } from './check-scheme.js'
import { DEFINITION } from './definition-rules.js'
import { rememberDefinition } from './definitions.js'
import type { PayloadsOf } from './payloads-of.js'
import type {
  BodyFormat,
  EventDescription,
  EventSchemas,
  Handshake,
  JsonObject,
  Provider,
  RetryRules,
  SignedParts,
} from './provider.js'
import { parseBody } from './read-body.js'
import { RequestCheck } from './request-check.js'

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
   * handled again. `signed` has the id and the time that `signature` names.
   */
  readonly describe: (payload: JsonObject, headers: HeaderReader, signed: SignedParts) => EventDescription
  /** Returns the schemas by event type (Standard Schema: zod, valibot, arktype, …). Called once, at creation. */
  readonly events: () => Events
  /** Names of payload fields that hold credentials, in addition to those that `redact` knows. */
  readonly credentials?: readonly string[]
  /** Says how a body is written. A `'json-or-form'` is JSON if it begins with `{`. Default `'json'`. */
  readonly body?: BodyFormat
  /**
   * Says that one request carries several events: the body is a list (`true`), or has one at this path (`'value'`). Each is
   * an event of its own, so the receiver needs `handOff`, or a journal's.
   */
  readonly list?: true | string
  /** Lists the questions by which the provider makes sure that the address is yours. They are answered, and are no events. */
  readonly handshakes?: readonly Handshake[]
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
): Provider<Name, PayloadsOf<Events>> {
  readOptions(String(definition?.name ?? 'defineProvider'), definition, DEFINITION)
  const { name, account, retries, handshakes = [], list, body: format = 'json' } = definition
  checkScheme(definition)
  checkBody(definition)
  const signature = new Signature(name, definition.signature, definition.timestamp)
  checkClaims(definition)
  const timestamp = definition.timestamp && new Timestamp(name, definition.timestamp)
  const schemas = checkEvents(name, definition.events())
  const request = new RequestCheck(definition, signature, timestamp)
  const { secrets, ...scheme } = definition.signature

  const signsTime = definition.signature.readings.every(provesTime)
  const describeTitle = `${name}: describe`

  const provider: Provider<Name, PayloadsOf<Events>> = {
    name,
    account,
    retries,
    credentials: [...(definition.credentials ?? []), ...tokenFields(definition.signature)],
    handshakes,
    takesLists: list !== undefined,
    scheme: { signature: scheme, timestamp: definition.timestamp, body: format, list },
    secretMarks: signature.secretMarks,
    windowMs: timestamp?.windowMs ?? 0,
    maxAheadMs: (timestamp?.maxAheadSeconds ?? DEFAULT_MAX_AHEAD_SECONDS) * 1000,
    signatureHeader: signature.places.signatureHeader,
    headerFamilies: signature.places.families,
    timestampHeader: signature.places.families[0]?.time ?? definition.timestamp?.header?.toLowerCase(),
    types: [...schemas.keys()],
    schemaOf: (type) => schemas.get(type),
    examine: (head, nowMs) => request.examine(head, nowMs),
    verify: (examined, head, body) => request.verify(examined, head, body),
    parse: (body) => parseBody(body, format, list),
    describe: (payload, headers) =>
      atOnce(
        describeTitle,
        definition.describe(payload, headers, new LazySignedParts(headers, signature.places, signsTime)),
      ),
  }
  return rememberDefinition(provider, {
    secrets,
    withSecrets: (others) => defineProvider({ ...definition, signature: { ...definition.signature, ...others } }),
  })
}

/** The parts that a signature covers, looked for on first use, because most descriptions need nothing but the payload. */
class LazySignedParts implements SignedParts {
  readonly #headers: HeaderReader
  readonly #places: Places
  readonly #signsTime: boolean
  #found: SignedParts | undefined

  constructor(headers: HeaderReader, places: Places, signsTime: boolean) {
    this.#headers = headers
    this.#places = places
    this.#signsTime = signsTime
  }

  get id(): string | undefined {
    return this.#find().id
  }

  get time(): string | undefined {
    return this.#signsTime ? this.#find().time : undefined
  }

  #find(): SignedParts {
    this.#found ??= this.#places.signedTexts(this.#headers)
    return this.#found
  }
}

/** Whoever reads a token in the body can send deliveries of his own. */
const tokenFields = ({ field, readings }: SignatureOptions): readonly string[] =>
  field !== undefined && readings.some(isToken) ? field.split('.').slice(-1) : []

/** The limit for a provider whose deliveries carry no time, but whose events do. */
const DEFAULT_MAX_AHEAD_SECONDS = 300

function checkBody({
  name,
  list,
  body,
  signature,
  timestamp,
  retries,
}: ProviderDefinition<string, EventSchemas>): void {
  if (list !== undefined && body !== undefined && body !== 'json') throw new TypeError(`${name}: a list must be JSON`)
  const contents = signature.readings.flatMap((reading) => ('content' in reading ? reading.content : []))
  if (list !== undefined && contents.some((part) => typeof part === 'object' && 'field' in part)) {
    throw new TypeError(`${name}: content cannot have fields of a list`)
  }
  if (body !== undefined && body !== 'json') checkFormContents(name, signature)
  if (timestamp?.perAttempt !== false || timestamp.maxAgeSeconds * 1000 >= retries.spanMs) return
  throw new TypeError(
    `${name}: maxAgeSeconds (${timestamp.maxAgeSeconds}) must be as long as spanMs (${retries.spanMs} ms), because all ` +
      'attempts have the time of the first: later ones would be refused',
  )
}

/** A form may begin with digits, as a time does. So nothing but a text may stand before it, and each reading alone. */
function checkFormContents(name: string, { readings, prefix }: SignatureOptions): void {
  const seen = new Set<string>()
  for (const [index, reading] of readings.entries()) {
    const label = `${name} signature readings[${index}]`
    const kind = `${algorithmOf(reading)} ${isContent(reading) ? (reading.prefix ?? prefix) : prefix}`
    if (!isToken(reading) && seen.has(kind)) {
      throw new TypeError(
        `${label}: a form can begin as a time does, so one signature would fit two readings: keep one`,
      )
    }
    seen.add(kind)
    if (!isContent(reading)) continue
    const before = reading.content[reading.content.indexOf('body') - 1]
    if (before !== undefined && !(typeof before === 'object' && 'text' in before)) {
      throw new TypeError(
        `${label}: in content a { text } must stand before the body of a form, which can begin with digits`,
      )
    }
  }
}

/** Names that have another meaning among the keys of `dispatch`. */
const RESERVED_TYPES = ['unknown', 'otherwise']

/** Returns the schemas as a Map, because a type named `constructor` must not find an inherited property. */
function checkEvents<Events extends EventSchemas>(name: string, events: Events): Map<string, Events[string]> {
  if (!events || isThenable(events)) {
    ignoreRejection(events)
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
