import type { Provider } from '../providers/provider.js'
import type { JsonObject } from '../request/parse-json.js'
import type { RequestHead } from '../request/webhook-request.js'
import { textAt } from '../signature/content.js'
import { Places, queryOf } from '../signature/places.js'
import { quietly } from '../signature/quietly.js'
import { isToken } from '../signature/readings.js'
import type { Diagnosis } from './diagnosis.js'
import { addressUnknown, fieldMissing, parameterMissing, SIGNATURE_MISSING, unreadable } from './findings.js'

/** The signature of a request, wherever it stands, or why there is none. */
interface FoundSignature {
  readonly signature: string
  /** The time, where no header of its own has it. */
  readonly time?: string | undefined
  readonly missing?: Diagnosis
}

/** Finds the signature in a header, in the query or in the body, as the provider says. */
export function findSignature(
  provider: Provider,
  head: RequestHead,
  signatureHeader: string,
  body: Uint8Array,
): FoundSignature {
  const { query, field } = provider.scheme.signature
  if (query !== undefined) return inQuery(query, head)
  if (field !== undefined) return inBody(field, provider, body)
  const signature = head.header(signatureHeader) ?? ''
  if (signature === '') return { signature, missing: SIGNATURE_MISSING }
  const { time } = quietly(() => placesOf(provider).find(head)) ?? {}
  return { signature, time: time ?? placesOf(provider).timeInBody(payloadsIn(provider, body)?.[0]) }
}

/** Returns whether the secret itself stands in each request, so that nothing else is signed. */
export const isTokenAlone = ({ scheme }: Provider): boolean => scheme.signature.readings.every(isToken)

const placesOf = ({ scheme }: Provider) => new Places(scheme.signature, scheme.timestamp)

function inQuery(name: string, head: RequestHead): FoundSignature {
  if (head.url === undefined) return { signature: '', missing: addressUnknown(name) }
  const [signature] = queryOf(head).getAll(name)
  return signature === undefined ? { signature: '', missing: parameterMissing(name) } : { signature }
}

function inBody(field: string, provider: Provider, body: Uint8Array): FoundSignature {
  const payloads = payloadsIn(provider, body)
  if (payloads === undefined) return { signature: '', missing: unreadable(field) }
  const texts = payloads.map((payload) => textAt(payload, field.split('.')))
  const [signature] = texts
  if (signature === undefined || texts.includes(undefined)) return { signature: '', missing: fieldMissing(field) }
  return { signature, time: placesOf(provider).timeInBody(payloads[0]) }
}

/** The events of a body. Undefined if it cannot be parsed. */
export function payloadsIn(provider: Provider, body: Uint8Array): readonly JsonObject[] | undefined {
  const parsed = quietly(() => provider.parse(body))
  return parsed && (parsed.items === undefined ? [parsed.payload] : parsed.items.map(({ payload }) => payload))
}
