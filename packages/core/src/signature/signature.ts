import { timingSafeEqual } from 'node:crypto'
import { signatureMalformed, signatureMissing, signatureRepeated } from '../errors.js'
import type { HeaderReader } from '../request/webhook-request.js'
import { decodeSignature, type SignatureEncoding } from './decode.js'
import { HmacKey } from './hmac-key.js'
import { isRevealed } from './revealed-keys.js'
import { secretMarks } from './secret-marks.js'
import { checkSecrets, type Secret, type SecretsOption } from './secrets.js'

/**
 * What a signature covers: the body and its timestamp, the body alone, or neither. With `'sender'`, a static token proves
 * only that the sender knows it.
 */
export type Trust = 'body+timestamp' | 'body' | 'sender'

export interface SignatureOptions {
  /** Names the signature header, in upper or lower case. A request without it is not tried against this provider. */
  readonly header: string
  /** Lists the secrets. Each verifies, so that one can be rotated without refused deliveries. */
  readonly secrets: SecretsOption
  /** Lists the accepted encodings of the signature. Their strict forms tell them apart. Default `['hex']`. */
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

/** One way to compute the signature. */
export type Reading = SignedReading | TokenReading

/** HMAC-SHA256 under the secret, over `before(headers)` followed by the raw body. */
export interface SignedReading {
  readonly name: string
  readonly trust: 'body' | 'body+timestamp'
  readonly before?: (headers: HeaderReader) => string
}

/** A static token, made of the secret alone and the same for each delivery. */
export interface TokenReading {
  readonly name: string
  readonly trust: 'sender'
  readonly token: (secret: Secret) => Uint8Array
}

/** The proof of a verified signature. */
export interface Proof {
  /** The reading and the encoding that matched, e.g. `timestamp.body/hex`. */
  readonly reading: string
  readonly trust: Trust
}

/** A decoded signature of a request. */
export interface PresentedSignature {
  readonly bytes: Uint8Array
  readonly encoding: SignatureEncoding
}

/** Verifies signatures of one provider. It keeps the secrets private. */
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

  /** Returns the signatures in a header value. Throws if there is none of the right form. */
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

  /** Returns what the header alone proves, or undefined. */
  proofByToken(presented: readonly PresentedSignature[]): Proof | undefined {
    for (const { reading, value } of this.#tokens) {
      const match = presented.find(({ bytes }) => isEqual(bytes, value))
      if (match !== undefined) return proof(reading, match)
    }
    return undefined
  }

  /** Returns whether all readings are tokens. A wrong token is then refused before the body is read. */
  get isTokenOnly(): boolean {
    return this.#signed.length === 0
  }

  /** Returns what the signature proves about the body, or undefined. */
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

/** A key. If a token of the same provider reveals it (`isRevealed`), it proves no body. */
interface SigningKey {
  readonly hmac: HmacKey
  readonly isRevealed: boolean
}

/** Checks that a header value consists of bytes. A custom adapter may pass other texts. */
const isLatin1 = (text: string) => /^[\0-\xff]*$/.test(text)

/** Compares lengths first: they are not secret, and `timingSafeEqual` throws if they differ. */
const isEqual = (a: Uint8Array, b: Uint8Array) => a.length === b.length && timingSafeEqual(a, b)

const proof = (reading: Pick<Reading, 'name' | 'trust'>, { encoding }: PresentedSignature): Proof => ({
  reading: `${reading.name}/${encoding}`,
  trust: reading.trust,
})
