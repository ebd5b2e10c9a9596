import { signatureInvalid, WebhookError } from '../errors.js'
import { isShallow } from '../request/is-shallow.js'
import { isJsonObject, type JsonObject } from '../request/parse-json.js'
import type { RequestHead } from '../request/webhook-request.js'
import type { FoundTexts } from '../signature/places.js'
import { quietly } from '../signature/quietly.js'
import type { Proof, Signature } from '../signature/signature.js'
import type { Timestamp } from '../signature/timestamp.js'
import { once } from './once.js'
import type { BodyFormat, Examined, RetryRules } from './provider.js'
import { readList, readObject } from './read-body.js'

interface Checked {
  readonly retries: RetryRules
  readonly body?: BodyFormat
  readonly list?: true | string
  readonly timestamp?: { readonly field?: string | undefined } | undefined
}

/** Checks signature and time of requests: first what the head alone decides, then what takes the body. */
export class RequestCheck {
  readonly #definition: Checked
  readonly #signature: Signature
  readonly #timestamp: Timestamp | undefined

  constructor(definition: Checked, signature: Signature, timestamp: Timestamp | undefined) {
    this.#definition = definition
    this.#signature = signature
    this.#timestamp = timestamp
  }

  /** Returns undefined if the request is not this provider's. Throws a `WebhookError` to refuse it. */
  examine(head: RequestHead, nowMs: number): Examined | undefined {
    const texts = this.#signature.find(head)
    if (texts === undefined) return undefined
    if (this.#signature.places.isInBody) return { nowMs, texts, presented: [], sentAtMs: undefined, proof: undefined }
    const presented = this.#signature.parse(texts)
    const proof = this.#signature.proofByToken(presented)
    if (proof === undefined && this.#signature.isTokenOnly) throw signatureInvalid()
    if (this.#isTimeInBody) return { nowMs, texts, presented, sentAtMs: undefined, proof }
    try {
      return { nowMs, texts, presented, sentAtMs: this.#timestamp?.check(texts.time, nowMs), proof }
    } catch (error) {
      if (!(error instanceof WebhookError) || error.code !== 'timestamp_invalid') throw error
      const mustBeProven = this.#definition.retries.clientErrorsAreFinal && proof === undefined
      if (!mustBeProven) throw error
      // Ask only the genuine sender to try again. The body will show who it is.
      return { nowMs, texts, presented, sentAtMs: undefined, proof, refusal: error }
    }
  }

  /** Returns what the request proves, or undefined. Throws `timestamp_invalid` where only the body says the time. */
  verify(examined: Examined, head: RequestHead, body: Uint8Array): Proof | undefined {
    const payload = once(() => this.#payloadIn(body))
    const proof = this.#signature.places.isInBody
      ? this.#verifyInBody(examined.texts, head, body, payload)
      : (examined.proof ?? this.#verifySignature(examined, head, body, payload))
    if (proof === undefined || this.#timestamp === undefined || !this.#isTimeInBody) return proof
    return { ...proof, sentAtMs: this.#timestamp.check(this.#signature.places.timeInBody(payload()), examined.nowMs) }
  }

  get #isTimeInBody(): boolean {
    return this.#definition.timestamp?.field !== undefined
  }

  #verifySignature(
    { presented, texts }: Examined,
    headers: RequestHead,
    body: Uint8Array,
    payload: () => JsonObject | undefined,
  ): Proof | undefined {
    const isTimeMissing = texts.time === undefined && this.#isTimeInBody
    const found = isTimeMissing ? { ...texts, time: this.#signature.places.timeInBody(payload()) } : texts
    return this.#signature.proofBySignature(presented, found, { headers, body, payload })
  }

  /** The signature stands in the body, or in each item of its list. */
  #verifyInBody(
    texts: FoundTexts,
    headers: RequestHead,
    body: Uint8Array,
    payload: () => JsonObject | undefined,
  ): Proof | undefined {
    const { places } = this.#signature
    if (this.#definition.list !== undefined) return this.#verifyItems(texts, body)
    const found = places.findInBody(payload(), texts)
    const presented = this.#presentedIn(found)
    return (
      this.#signature.proofByToken(presented) ??
      this.#signature.proofBySignature(presented, found, { headers, body, payload })
    )
  }

  /** An item without proof would come in with the others. A list without items proves nothing. */
  #verifyItems(texts: FoundTexts, body: Uint8Array): Proof | undefined {
    const { list } = this.#definition
    const items = isShallow(body) ? (quietly(() => readList(body, list ?? true)) ?? []) : []
    const proofs = items.map((item) => {
      const found = this.#signature.places.findInBody(isJsonObject(item) ? item : undefined, texts)
      return this.#signature.proofByToken(this.#presentedIn(found))
    })
    return proofs.every((proof) => proof !== undefined) ? proofs[0] : undefined
  }

  #presentedIn(found: FoundTexts) {
    return found.signatures.length === 0 ? [] : (quietly(() => this.#signature.parse(found)) ?? [])
  }

  /** What cannot be parsed proves nothing. */
  #payloadIn(body: Uint8Array): JsonObject | undefined {
    const { list, body: format = 'json' } = this.#definition
    const isSafe = !this.#signature.places.isInBody || isShallow(body)
    return list === undefined && isSafe ? quietly(() => readObject(body, format)) : undefined
  }
}
