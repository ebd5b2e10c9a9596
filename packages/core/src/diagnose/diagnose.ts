import type { ErrorCode, WebhookError } from '../errors.js'
import type { Provider } from '../providers/provider.js'
import type { HeaderReader } from '../request/webhook-request.js'
import { ExactSecret } from '../signature/exact-secret.js'
import type { Secret, SecretsOption } from '../signature/secrets.js'
import type { ClockReading, Diagnosis, DiagnosisCode } from './diagnosis.js'
import { type Evidence, judgeAtAnyTime, proofWith } from './evidence.js'
import { expectedForm } from './expected-form.js'
import { findSignature, isTokenAlone } from './find-signature.js'
import {
  ACCEPTED,
  BODY_MISSING,
  CLOCK_ADVICE,
  incomplete,
  MILLISECONDS,
  malformed,
  NONE_FITS,
  SECRET_MISSING,
  TOKEN_WRONG,
} from './findings.js'
import { MISTAKES, MISTAKES_OF_FORM } from './mistakes.js'
import { otherAlgorithm } from './other-algorithm.js'
import { otherHash } from './other-hash.js'

export interface DiagnoseOptions {
  /** Creates the provider, e.g. `openMail`. Not a provider itself, because a provider does not reveal its secrets. */
  readonly provider: (options: { secrets: readonly Secret[] }) => Provider
  /** Lists the configured secrets, including any stray white space. */
  readonly secrets: SecretsOption
  /** The received headers, with names in upper or lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  /** The address or its path, with the query. Needed for a provider whose secret stands in the query. */
  readonly url?: string | undefined
  /** The received bytes, or their UTF-8 text. */
  readonly body: Uint8Array | string
  /** Secrets of other providers, by name, to detect a mix-up. */
  readonly otherSecrets?: Readonly<Record<string, SecretsOption>> | undefined
  /** The time of receipt, in milliseconds since 1970. Default now. */
  readonly now?: number | undefined
}

/**
 * Explains why a delivery is refused. Names the one change under which its signature would match, or says that none is
 * known.
 *
 * Use it on a captured request, not in a receiver. It hashes the body some hundred times, which takes a second or two for
 * 100 kB, and its result would help a forger. It opens no connection. Its result contains no secret, no signature and
 * nothing of the payload.
 *
 * @example
 * const { code, message, advice } = diagnose({
 *   provider: openMail,
 *   secrets: [process.env.OPENMAIL_WEBHOOK_SECRET],
 *   headers: { 'x-timestamp': '1711015501', 'x-signature': '…' },
 *   body: await readFile('body.json'),
 * })
 */
export function diagnose(options: DiagnoseOptions): Diagnosis {
  const { missing: missingSignature, ...evidence } = gather(options)
  if (evidence.secrets.length === 0) return SECRET_MISSING
  if (missingSignature !== undefined) return missingSignature

  const { headers, url, body, nowMs } = evidence
  const provider = evidence.create({ secrets: evidence.secrets })
  const missing = missingHeaders(provider, evidence)
  if (missing.length > 0) return incomplete(missing)
  const { proof, sentAtMs, refusal, isOwn } = judgeAtAnyTime(provider, { ...headers, url }, body, nowMs)
  const clock = clockOf(sentAtMs, nowMs, refusal)
  if (proof === undefined) {
    return { ...(explain(evidence, refusal) ?? unexplained(evidence, refusal, isOwn)), ...clock }
  }
  return { ...(refusal === undefined ? ACCEPTED : untimely(evidence, refusal)), reading: proof.reading, ...clock }
}

function gather({
  provider,
  secrets,
  headers,
  url,
  body,
  otherSecrets = {},
  now = Date.now(),
}: DiagnoseOptions): Evidence & { readonly missing: Diagnosis | undefined } {
  const reader = headerReader(headers)
  const ownSecrets = secretBytes(secrets)
  const described = provider({ secrets: ownSecrets.length > 0 ? ownSecrets : [ANY_SECRET] })
  const { signatureHeader, timestampHeader, idHeader } = headersOf(described, reader)
  const bytes = Buffer.from(body)
  const { signature, time, missing } = findSignature(described, { ...reader, url }, signatureHeader, bytes)
  return {
    create: provider,
    described,
    missing,
    secrets: ownSecrets,
    signatureHeader,
    timestampHeader,
    otherSecrets: Object.entries(otherSecrets).flatMap(([name, others]) =>
      secretBytes(others).map((secret) => ({ name, secret })),
    ),
    headers: reader,
    url,
    signature,
    timestamp: timestampHeader === undefined ? (time ?? pairedTime(signature)) : reader.header(timestampHeader),
    id: idHeader && reader.header(idHeader),
    body: bytes,
    nowMs: now,
  }
}

/** A secret to create a provider with, for the names of its headers. */
const ANY_SECRET = new ExactSecret(Buffer.from('any'))

/** The headers of the family that the request has. */
function headersOf(provider: Provider, reader: HeaderReader) {
  const {
    signature = provider.signatureHeader,
    time = provider.timestampHeader,
    id,
  } = provider.headerFamilies.find((family) => reader.header(family.signature) !== undefined) ?? {}
  return { signatureHeader: signature, timestampHeader: time, idHeader: id }
}

/** The time that stands beside the signature, as in `t=…,v1=…`. */
const pairedTime = (signature: string) => /(?:^|,)t=(\d+)/.exec(signature)?.[1]

/** The headers of the family that the request lacks, beside the signature. */
function missingHeaders({ headerFamilies }: Provider, { signatureHeader, headers }: Evidence): readonly string[] {
  const { id, time } = headerFamilies.find((family) => family.signature === signatureHeader) ?? {}
  return [id, time].filter((name): name is string => name !== undefined && headers.header(name) === undefined)
}

function headerReader(headers: DiagnoseOptions['headers']): HeaderReader {
  const values = new Map<string, string>()
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) values.set(name.toLowerCase(), typeof value === 'string' ? value : value.join(', '))
  }
  return { header: (name) => values.get(name) }
}

function secretBytes(secrets: SecretsOption): Uint8Array[] {
  return secrets.flatMap((secret) =>
    secret === undefined || secret.length === 0 ? [] : [new ExactSecret(Buffer.from(secret))],
  )
}

/** Returns the first mistake whose correction makes the signature match. */
function explain(evidence: Evidence, refusal: WebhookError | undefined): Diagnosis | undefined {
  for (const changesOf of isOfForm(refusal) ? MISTAKES_OF_FORM : MISTAKES) {
    for (const change of changesOf(evidence)) {
      if (proofWith(evidence, change) === undefined) continue
      const { code, message, advice } = change
      return { verdict: 'explained', code, message, advice }
    }
  }
  return undefined
}

/** Returns whether the headers were refused by their form, before the signature was checked. */
const isOfForm = (refusal: WebhookError | undefined): refusal is WebhookError =>
  refusal !== undefined && refusal.ageMs === undefined && refusal.code !== 'signature_invalid'

function unexplained(evidence: Evidence, refusal: WebhookError | undefined, isOwn: boolean): Diagnosis {
  const { body, described } = evidence
  const code = isOfForm(refusal) ? FORMS[refusal.code] : undefined
  const ofHash = otherHash(evidence)
  if (ofHash !== undefined) return ofHash
  if (refusal !== undefined && code !== undefined) return malformed(code, refusal.message, expectedForm(described))
  if (!isOwn) return malformed('signature_malformed', 'The signature is of another form.', expectedForm(described))
  if (isTokenAlone(described)) return TOKEN_WRONG
  return otherAlgorithm(evidence) ?? (body.length === 0 ? BODY_MISSING : NONE_FITS)
}

const FORMS: Partial<Record<ErrorCode, DiagnosisCode>> = {
  signature_malformed: 'signature_malformed',
  signature_repeated: 'signature_repeated',
  timestamp_invalid: 'timestamp_malformed',
}

function untimely({ timestamp = '', nowMs }: Evidence, refusal: WebhookError): Diagnosis {
  const isDigits = /^\d+$/.test(timestamp)
  const isMilliseconds = isDigits && isNear(Number(timestamp), nowMs)
  if (isMilliseconds && !isNear(nowMs - (refusal.ageMs ?? 0), nowMs)) return MILLISECONDS
  return { verdict: 'explained', code: 'clock_skew', message: refusal.message, advice: CLOCK_ADVICE }
}

/** Returns whether a time is less than ten years away. In the wrong unit it is always further. */
const isNear = (atMs: number, nowMs: number) => Math.abs(atMs - nowMs) < 10 * 365 * 24 * 3600_000

function clockOf(
  sentAtMs: number | undefined,
  nowMs: number,
  refusal: WebhookError | undefined,
): { clock?: ClockReading } {
  // Outside the range of a Date.
  if (sentAtMs === undefined || Math.abs(sentAtMs) > 8.64e15) return {}
  return {
    clock: {
      sentAt: new Date(sentAtMs),
      ageMs: nowMs - sentAtMs,
      isWithinWindow: refusal?.code !== 'timestamp_invalid',
    },
  }
}
