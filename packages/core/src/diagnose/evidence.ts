import { WebhookError } from '../errors.js'
import type { Provider } from '../providers/provider.js'
import type { HeaderReader, RequestHead } from '../request/webhook-request.js'
import { ExactSecret } from '../signature/exact-secret.js'
import { HmacKey } from '../signature/hmac-key.js'
import type { Secret } from '../signature/secrets.js'
import type { Proof } from '../signature/signature.js'
import type { Change } from './diagnosis.js'
import { readSignature } from './read-signature.js'

/** The known parts of a delivery to diagnose. */
export interface Evidence {
  /** Creates the provider with any secret. A provider does not reveal its secrets, so each is tried this way. */
  readonly create: (options: { secrets: readonly Secret[] }) => Provider
  /** The provider with another secret: for what it says of itself. */
  readonly described: Provider
  /** Secrets as bytes, because a text with stray white space is refused, and that may be the mistake. */
  readonly secrets: readonly Uint8Array[]
  readonly otherSecrets: readonly { readonly name: string; readonly secret: Uint8Array }[]
  readonly headers: HeaderReader
  /** The address, for providers that put a secret into its query. */
  readonly url: string | undefined
  /** The name of the header with the signature; empty if it stands elsewhere. */
  readonly signatureHeader: string
  readonly timestampHeader: string | undefined
  readonly signature: string
  readonly timestamp: string | undefined
  /** The id of the delivery, where a header has it. */
  readonly id: string | undefined
  readonly body: Uint8Array
  readonly nowMs: number
}

/** Returns what the signature proves after one change, or undefined if it does not match. */
export function proofWith(evidence: Evidence, change: Partial<Change> = {}): Proof | undefined {
  const secrets = change.secret === undefined ? evidence.secrets : [new ExactSecret(change.secret)]
  const body = change.body ?? evidence.body
  if (change.signedBefore !== undefined) return proofOfContent(evidence.signature, secrets, change.signedBefore, body)
  const provider = createWith(evidence, secrets)
  if (provider === undefined) return undefined
  const head: RequestHead = {
    ...withHeaders(evidence.headers, {
      [evidence.signatureHeader]: change.signature,
      [evidence.timestampHeader ?? '']: change.timestamp,
    }),
    url: evidence.url,
  }
  return judgeAtAnyTime(provider, head, body, evidence.nowMs).proof
}

interface Judged {
  readonly proof?: Proof
  /** The time of the delivery, in milliseconds since 1970. */
  readonly sentAtMs?: number | undefined
  readonly refusal?: WebhookError
  /** Whether the provider takes the request for one of its own. */
  readonly isOwn: boolean
}

/** Judges a request as if it had arrived in time. Also returns the refusal, including one because of the time. */
export function judgeAtAnyTime(provider: Provider, head: RequestHead, body: Uint8Array, nowMs: number): Judged {
  try {
    const examined = provider.examine(head, nowMs)
    if (examined === undefined) return { isOwn: false }
    if (examined.refusal !== undefined) throw examined.refusal
    const proof = provider.verify(examined, head, body)
    return { ...(proof && { proof }), sentAtMs: proof?.sentAtMs ?? examined.sentAtMs, isOwn: true }
  } catch (error) {
    if (!(error instanceof WebhookError)) throw error
    if (error.ageMs === undefined) return { refusal: error, isOwn: true }
    return { ...judgeAtAnyTime(provider, head, body, nowMs - error.ageMs), refusal: error }
  }
}

/** Returns undefined for a secret that this provider cannot have: then it proves nothing. */
function createWith({ create }: Evidence, secrets: readonly Secret[]): Provider | undefined {
  try {
    return create({ secrets })
  } catch (error) {
    if (error instanceof TypeError) return undefined
    throw error
  }
}

function proofOfContent(
  signature: string,
  secrets: readonly Uint8Array[],
  before: string,
  body: Uint8Array,
): Proof | undefined {
  const presented = signaturesIn(signature).flatMap((text) => readSignature(text)?.bytes ?? [])
  const signed = secrets.flatMap(keysOf).map((key) => new HmacKey(key).sign(before, body))
  const fits = signed.some((expected) => presented.some((bytes) => expected.equals(bytes)))
  return fits ? { reading: 'another', trust: 'body' } : undefined
}

/** The signatures of a header that may hold several, or pairs such as `t=…,v1=…`. */
export function signaturesIn(header: string): readonly string[] {
  const pairs = [...header.matchAll(/(?:^|,\s*)v\d+=([^,]+)/g)].map(([, value]) => value!)
  return pairs.length > 0 && header.includes('t=') ? pairs : header.split(' ')
}

/** A secret as it is, and the bytes that it spells if it has the form of Standard Webhooks. */
function keysOf(secret: Uint8Array): readonly Uint8Array[] {
  const [, spelt] = /^whsec_(.+)$/.exec(Buffer.from(secret).toString()) ?? []
  return spelt === undefined ? [secret] : [Buffer.from(spelt, 'base64'), secret]
}

function withHeaders(headers: HeaderReader, changed: Readonly<Record<string, string | undefined>>): HeaderReader {
  return { header: (name) => changed[name] ?? headers.header(name) }
}
