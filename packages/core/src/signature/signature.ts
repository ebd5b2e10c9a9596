import { signatureMalformed, signatureRepeated } from '../errors.js'
import type { JsonObject } from '../request/parse-json.js'
import type { HeaderReader, RequestHead } from '../request/webhook-request.js'
import { fitsLength, hasPublicKey, isEqual } from './algorithms.js'
import { decodeExactly, type SignatureEncoding } from './decode.js'
import { type DecodedKey, decodeKey, ed25519Key } from './decode-key.js'
import { isExactSecret } from './exact-secret.js'
import type { KeyForm } from './key-form.js'
import { type FoundTexts, Places, type SignaturePlace, type TimePlace } from './places.js'
import { algorithmOf, isToken, type PreparedReading, prepareReading, type Reading, tokenOf } from './readings.js'
import { refusePublicKey } from './refuse-public-key.js'
import { secretMarks } from './secret-marks.js'
import { checkSecrets, type SecretsOption } from './secrets.js'
import type { Trust } from './trust.js'
import { warnOfShort } from './warn-of-short.js'

export interface SignatureOptions extends SignaturePlace {
  /** Lists the secrets. Each verifies, so that one can be rotated without refused deliveries. */
  readonly secrets: SecretsOption
  /** Says how a secret spells its key. Bytes are the key itself. Default `'text'`: its characters. */
  readonly key?: KeyForm
  /**
   * Lists the accepted encodings of the signature. Their strict forms tell them apart. Default `['hex']`; for tokens alone
   * `['text']`.
   */
  readonly encodings?: readonly SignatureEncoding[]
  /** Sets the text before the encoded signature, such as `'sha256='`. Default none. */
  readonly prefix?: string
  /** Also accepts a signature without the prefix. Default false. */
  readonly prefixOptional?: boolean
  /** Sets the text between several signatures in one header, such as `' '`. Default none: there is one signature. */
  readonly separator?: string
  /** Lists the possible readings, in the order in which they are tried. The first that matches is reported. */
  readonly readings: readonly Reading[]
}

/** The proof of a verified signature. */
export interface Proof {
  /** The reading and the encoding that matched, e.g. `timestamp.body/hex`. */
  readonly reading: string
  readonly trust: Trust
  /** The time of the delivery, in milliseconds since 1970, where only the body says it. */
  readonly sentAtMs?: number | undefined
  /** The position of the secret that verified, from 0, in the list of secrets. */
  readonly secret?: number
}

/** A decoded signature of a request. */
export interface PresentedSignature {
  readonly bytes: Uint8Array
  readonly encoding: SignatureEncoding
  /** The text that stood before it. */
  readonly prefix: string
}

/** What a signature is checked against. */
export interface SignedRequest {
  readonly headers: HeaderReader
  readonly body: Uint8Array
  /** Parses the body. Undefined if that is not possible. */
  readonly payload: () => JsonObject | undefined
}

/** Far more than any sender needs: each signature may cost a verification. */
const MAX_SIGNATURES = 32

/** With a public key each signature is checked alone, which takes as long as a hash of the body, twice. */
const MAX_PUBLIC_KEY_CHECKS = 32

/** Verifies signatures of one provider. It keeps the secrets private. */
export class Signature {
  readonly places: Places
  /** Returns marks by which a receiver notices that two providers share a secret. */
  readonly secretMarks: () => readonly string[]
  readonly #prefixOptional: boolean
  readonly #separator: string | undefined
  readonly #encodings: readonly SignatureEncoding[]
  readonly #tokens: readonly PreparedReading[]
  readonly #signed: readonly PreparedReading[]
  readonly #readings: readonly PreparedReading[]
  readonly #prefixes: readonly string[]

  constructor(provider: string, options: SignatureOptions, time?: TimePlace) {
    const { readings, key = 'text', prefix = '' } = options
    const secrets = checkSecrets(provider, options.secrets, key)
    const isEd25519 = readings.some((reading) => algorithmOf(reading) === 'ed25519')
    const keys = secrets.map((secret, index) => {
      const label = `${provider}: secrets[${index}]`
      const decoded = decodeKey(label, secret, key)
      const isSpelt = key === 'standard-webhooks' || key === 'spki'
      return isEd25519 && !isSpelt && !isExactSecret(secret) ? ed25519Key(label, decoded.bytes) : decoded
    })
    if (key === 'standard-webhooks') refuseTwice(provider, keys)
    for (const [index, { bytes, publicKey }] of keys.entries()) {
      if (publicKey === undefined) refusePublicKey(`${provider}: secrets[${index}]`, secrets[index]!, bytes)
    }
    if (!secrets.some((secret) => isExactSecret(secret))) warnOfShort(provider, keys)
    const tokens = readings
      .filter(isToken)
      .flatMap((reading) => secrets.map((secret, index) => tokenOf(reading, secret, keys[index]!)))
    const prepared = readings.map((reading, index) =>
      prepareReading(`${provider} signature readings[${index}]`, reading, { secrets, keys, prefix }, tokens),
    )
    for (const index of keys.keys()) {
      const isTried = isExactSecret(secrets[index])
      if (isTried || prepared.some((reading) => reading.keys.some(({ secret }) => secret === index))) continue
      throw new TypeError(`${provider}: secrets[${index}] is a key of another algorithm than the readings have`)
    }
    this.places = new Places(options, time)
    const texts = secrets.map((secret) => Buffer.from(secret as Uint8Array))
    this.secretMarks = () => secretMarks([...texts, ...keys.map(({ bytes }) => bytes), ...tokens])
    this.#prefixOptional = options.prefixOptional ?? false
    this.#separator = options.separator
    this.#encodings = encodingsOf(options)
    this.#readings = prepared
    this.#tokens = prepared.filter(({ content }) => content === undefined)
    this.#signed = prepared.filter(({ content }) => content !== undefined)
    // The longest first: one may begin another.
    this.#prefixes = [...new Set(prepared.map((reading) => reading.prefix))].sort((a, b) => b.length - a.length)
  }

  /** Finds the texts of a request. Returns undefined if the request is not this provider's. */
  find(request: RequestHead): FoundTexts | undefined {
    return this.places.find(request)
  }

  /** Decodes the signatures. Throws if there is none of the right form. */
  parse({ signatures }: FoundTexts): readonly PresentedSignature[] {
    const parts =
      this.#separator === undefined ? signatures : signatures.flatMap((text) => text.split(this.#separator!))
    // HTTP joins two headers of one name by a comma and a space, of which this separator leaves the comma.
    if (this.#separator === ' ' && parts.some((part) => part.endsWith(','))) throw signatureRepeated(this.places.title)
    if (parts.length > MAX_SIGNATURES) throw signatureMalformed(this.places.title)
    const presented: PresentedSignature[] = []
    for (const part of parts.length > 1 ? new Set(parts) : parts) {
      const signature = this.#decode(part)
      if (signature !== undefined) presented.push(signature)
    }
    if (presented.length > 0) return presented
    const isRepeated = signatures.some((text) => text.includes(',')) && !this.#prefixes.some((p) => p.includes(','))
    throw isRepeated ? signatureRepeated(this.places.title) : signatureMalformed(this.places.title)
  }

  /** Returns what the head alone proves, or undefined. */
  proofByToken(presented: readonly PresentedSignature[]): Proof | undefined {
    for (const { name, keys } of this.#tokens) {
      for (const { token, secret } of keys) {
        const match = presented.find(({ bytes }) => isEqual(bytes, token!))
        if (match !== undefined) return { reading: `${name}/${match.encoding}`, trust: 'sender', secret }
      }
    }
    return undefined
  }

  /** Returns whether all readings are tokens. A wrong token is then refused before the body is read. */
  get isTokenOnly(): boolean {
    return this.#signed.length === 0
  }

  /** Returns what the signature proves about the request, or undefined. */
  proofBySignature(
    presented: readonly PresentedSignature[],
    { id, time }: FoundTexts,
    { headers, body, payload }: SignedRequest,
  ): Proof | undefined {
    for (const reading of this.#signed) {
      const candidates = presented.filter((signature) => mayBeOf(reading, signature))
      if (candidates.length === 0) continue
      const checks = candidates.length * reading.keys.length
      if (hasPublicKey(reading.algorithm) && checks > MAX_PUBLIC_KEY_CHECKS) throw signatureMalformed(this.places.title)
      const content = reading.content!({ id, time, headers }, body, payload)
      if (content === undefined) continue
      for (const { verifier, secret, isRevealed } of reading.keys) {
        const match = verifier!(content, candidates)
        if (match === undefined) continue
        // Whoever has seen a token has this key, too.
        const trust = isRevealed ? 'sender' : reading.trust
        return { reading: `${reading.name}/${match.encoding}`, trust, secret }
      }
    }
    return undefined
  }

  #decode(text: string): PresentedSignature | undefined {
    const prefix = this.#prefixes.find((known) => text.startsWith(known))
    if (prefix === undefined && !this.#prefixOptional) return undefined
    const encoded = text.slice(prefix?.length ?? 0)
    for (const encoding of this.#encodings) {
      // A header has bytes; a query and a field have characters, of which no two may become one byte.
      const isCharacters = encoding === 'text' && this.places.isText
      const bytes = isCharacters ? Buffer.from(encoded, 'utf8') : decodeExactly(encoded, encoding)
      const signature = bytes && { bytes, encoding, prefix: prefix ?? this.#prefixes[0]! }
      if (signature !== undefined && this.#isKnownForm(signature)) return signature
    }
    return undefined
  }

  #isKnownForm(signature: PresentedSignature): boolean {
    return this.#readings.some((reading) => mayBeOf(reading, signature))
  }
}

/** After a rotation whose new key was not entered, the old one stands there twice. */
function refuseTwice(provider: string, keys: readonly DecodedKey[]): void {
  for (const [index, { bytes }] of keys.entries()) {
    const first = keys.findIndex((other) => Buffer.from(other.bytes).equals(bytes))
    if (first !== index) throw new TypeError(`${provider}: secrets[${index}] is the same key as secrets[${first}]`)
  }
}

/** Each version has a prefix of its own, so that no signature is taken for one of a weaker version. */
const mayBeOf = (
  { prefix, algorithm, lengths }: PreparedReading,
  { bytes, encoding, prefix: own }: PresentedSignature,
) =>
  prefix === own &&
  fitsLength(algorithm, bytes.length) &&
  (encoding === 'text' || lengths === undefined || lengths.includes(bytes.length))

/** The password of Basic authentication is in base64; other tokens stand there as they are. */
function encodingsOf({ encodings, readings, authorization }: SignatureOptions): readonly SignatureEncoding[] {
  if (encodings !== undefined) return encodings
  if (authorization === 'Basic') return ['base64']
  return readings.every((reading) => 'algorithm' in reading && reading.algorithm === 'token') ? ['text'] : ['hex']
}
