import { timingSafeEqual } from 'node:crypto'
import { signatureMalformed, signatureMissing, signatureRepeated } from '../errors.js'
import type { HeaderReader } from '../request/webhook-request.js'
import { decodeSignature, type SignatureEncoding } from './decode.js'
import { HmacKey } from './hmac-key.js'
import { isRevealed } from './revealed-keys.js'
import { secretMarks } from './secret-marks.js'
import { checkSecrets, type Secret, type SecretsOption } from './secrets.js'

/**
 * What a signature covers: the body and the time it was sent, the body alone, or neither (`'sender'`: a static token
 * proves that the sender knows it, and nothing about the body).
 */
export type Trust = 'body+timestamp' | 'body' | 'sender'

export interface SignatureOptions {
  /** The header, in any case. A request without it is not this provider's. */
  readonly header: string
  /** All verify, so that a secret can be changed without refusing deliveries. */
  readonly secrets: SecretsOption
  /** How the header spells the bytes. Default `['hex']`. Several are told apart by their strict forms. */
  readonly encodings?: readonly SignatureEncoding[]
  /** Text before the encoded signature, such as `'sha256='`. Default none. */
  readonly prefix?: string
  /** Also read a signature without the prefix. Default false. */
  readonly prefixOptional?: boolean
  /** Between several signatures in one header, such as `' '`. Default: there is one. */
  readonly separator?: string
  /** What may have been signed, tried in this order; the first that matches is reported. */
  readonly readings: readonly Reading[]
}

/** One way to make the signature. */
export type Reading = SignedReading | TokenReading

/** HMAC-SHA256 under the secret, over `before(headers)` followed by the raw body. */
export interface SignedReading {
  readonly name: string
  readonly trust: 'body' | 'body+timestamp'
  readonly before?: (headers: HeaderReader) => string
}

/** A value made of the secret alone, the same for each delivery. */
export interface TokenReading {
  readonly name: string
  readonly trust: 'sender'
  readonly token: (secret: Secret) => Uint8Array
}

/** How a signature was found to be good. */
export interface Proof {
  /** The reading and the encoding that matched, e.g. `timestamp.body/hex`. */
  readonly reading: string
  readonly trust: Trust
}

/** A signature as it stands in the header, decoded. */
export interface PresentedSignature {
  readonly bytes: Uint8Array
  readonly encoding: SignatureEncoding
}

/** Checks signatures of one provider. It holds the secrets and shows them to nobody. */
export class Signature {
  readonly header: string
  readonly #prefix: string
  readonly #prefixOptional: boolean
  readonly #separator: string | undefined
  readonly #encodings: readonly SignatureEncoding[]
  readonly #tokens: readonly { reading: TokenReading; value: Uint8Array }[]
  readonly #signed: readonly { reading: SignedReading; keys: readonly SigningKey[] }[]
  /** By which a secret that another provider has as well is noticed. */
  readonly secretMarks: readonly string[]

  constructor(provider: string, options: SignatureOptions) {
    const secrets = checkSecrets(provider, options.secrets)
    const bytes = secrets.map((secret) => Buffer.from(secret as Uint8Array))
    this.header = options.header.toLowerCase()
    this.#prefix = options.prefix ?? ''
    this.#prefixOptional = options.prefixOptional ?? false
    this.#separator = options.separator
    this.#encodings = options.encodings ?? ['hex']
    this.#tokens = options.readings
      .filter((reading) => reading.trust === 'sender')
      .flatMap((reading) => secrets.map((secret) => ({ reading, value: reading.token(secret) })))
    const tokens = this.#tokens.map(({ value }) => value)
    const keys = bytes.map((key) => ({ hmac: new HmacKey(key), isRevealed: isRevealed(key, tokens) }))
    this.secretMarks = secretMarks([...bytes, ...tokens])
    this.#signed = options.readings
      .filter((reading) => reading.trust !== 'sender')
      .map((reading) => ({ reading, keys }))
  }

  /** The signatures in a header value, by their form alone. */
  parse(value: string): readonly PresentedSignature[] {
    if (value === '') throw signatureMissing(this.header)
    if (!isLatin1(value)) throw signatureMalformed(this.header)
    const parts = this.#separator === undefined ? [value] : value.split(this.#separator)
    const presented: PresentedSignature[] = []
    for (const part of parts) {
      const signature = this.#decode(part)
      if (signature !== undefined) presented.push(signature)
    }
    if (presented.length > 0) return presented
    throw value.includes(',') && !this.#prefix.includes(',')
      ? signatureRepeated(this.header)
      : signatureMalformed(this.header)
  }

  /** What the header alone proves. Undefined: nothing. */
  proofByToken(presented: readonly PresentedSignature[]): Proof | undefined {
    for (const { reading, value } of this.#tokens) {
      const match = presented.find(({ bytes }) => isEqual(bytes, value))
      if (match !== undefined) return proof(reading, match)
    }
    return undefined
  }

  /** True when only a token can be right, so that a wrong one is refused before the body is read. */
  get isTokenOnly(): boolean {
    return this.#signed.length === 0
  }

  /** What the signature proves together with the body. Undefined: nothing. */
  proofBySignature(
    presented: readonly PresentedSignature[],
    headers: HeaderReader,
    body: Uint8Array,
  ): Proof | undefined {
    for (const { reading, keys } of this.#signed) {
      const before = reading.before?.(headers) ?? ''
      // No byte stands for what lies above: cut to one, several texts would have one signature.
      if (!isLatin1(before)) continue
      for (const key of keys) {
        const expected = key.hmac.sign(before, body)
        for (const signature of presented) {
          if (!isEqual(signature.bytes, expected)) continue
          const { name, trust } = reading
          return proof({ name, trust: key.isRevealed ? 'sender' : trust }, signature)
        }
      }
    }
    return undefined
  }

  #decode(text: string): PresentedSignature | undefined {
    const hasPrefix = text.startsWith(this.#prefix)
    if (!hasPrefix && !this.#prefixOptional) return undefined
    const encoded = hasPrefix ? text.slice(this.#prefix.length) : text
    for (const encoding of this.#encodings) {
      const bytes = decodeSignature(encoded, encoding)
      if (bytes !== undefined) return { bytes, encoding }
    }
    return undefined
  }
}

/** A key, and whether somebody who has seen a token of the same provider has it, too: then it proves no body. */
interface SigningKey {
  readonly hmac: HmacKey
  readonly isRevealed: boolean
}

/** Header values are bytes. An adapter of one's own may hand over other texts. */
const isLatin1 = (text: string) => /^[\0-\xff]*$/.test(text)

/** Lengths first: they are no secret, and the platform's comparison throws when they differ. */
const isEqual = (a: Uint8Array, b: Uint8Array) => a.length === b.length && timingSafeEqual(a, b)

const proof = (reading: Pick<Reading, 'name' | 'trust'>, { encoding }: PresentedSignature): Proof => ({
  reading: `${reading.name}/${encoding}`,
  trust: reading.trust,
})
