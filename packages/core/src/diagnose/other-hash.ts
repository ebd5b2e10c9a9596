import { type ContentMaker, contentMaker } from '../signature/content.js'
import { decodeExactly } from '../signature/decode.js'
import { decodeKey } from '../signature/decode-key.js'
import { HASH_NAMES, HmacKey } from '../signature/hmac-key.js'
import { algorithmOf, isContent, isToken, type Reading } from '../signature/readings.js'
import type { Diagnosis } from './diagnosis.js'
import { type Evidence, signaturesIn } from './evidence.js'
import { nameOf } from './expected-form.js'
import { payloadsIn } from './find-signature.js'

/** Tries the other hash functions of HMAC over what the provider signs. */
export function otherHash(evidence: Evidence): Diagnosis | undefined {
  const { described, secrets, headers, id, timestamp, body } = evidence
  const { key: form = 'text', readings } = described.scheme.signature
  const presented = signaturesIn(evidence.signature).flatMap(bytesOf)
  if (presented.length === 0) return undefined
  const keys = secrets.map((secret) => decodeKey('', secret, form)).filter(({ publicKey }) => publicKey === undefined)
  const payload = () => payloadsIn(described, body)?.[0]
  for (const reading of readings) {
    const expected = algorithmOf(reading)
    const content = expected.startsWith('hmac-')
      ? makerOf(reading)?.({ id, time: timestamp, headers }, body, payload)
      : undefined
    if (content === undefined) continue
    for (const hash of HASH_NAMES.filter((name) => expected !== `hmac-${name}`)) {
      const signed = keys.map(({ bytes }) => new HmacKey(bytes, hash).sign(content.before, content.body))
      if (signed.some((mac) => presented.some((bytes) => mac.equals(bytes)))) return found(hash, expected)
    }
  }
  return undefined
}

const found = (hash: string, expected: string): Diagnosis => ({
  verdict: 'explained',
  code: 'signature_algorithm',
  message: `The signature was made with ${nameOf(`hmac-${hash}`)}, and this provider expects ${nameOf(expected)}.`,
  advice: `Let the sender sign with ${nameOf(expected)}. If the provider itself sends this, set the algorithm in its options.`,
})

/** What stands behind a usual prefix, in hex or in base64. */
function bytesOf(text: string): readonly Buffer[] {
  const encoded = text.replace(/^(?:v\d+a?[=,]|(?:hmac-)?sha-?\d+=)/i, '')
  return (['hex', 'base64'] as const).flatMap((encoding) => decodeExactly(encoded, encoding) ?? [])
}

function makerOf(reading: Reading): ContentMaker | undefined {
  if (isContent(reading)) return contentMaker('', reading.content)
  if (isToken(reading)) return undefined
  return ({ headers }, body) => ({ before: reading.before?.(headers) ?? '', body })
}
