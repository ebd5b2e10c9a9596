import type { ErrorCode, WebhookError } from '../errors.js'
import type { Provider } from '../providers/provider.js'
import type { HeaderReader } from '../request/webhook-request.js'
import { ExactSecret } from '../signature/exact-secret.js'
import type { Secret, SecretsOption } from '../signature/secrets.js'
import type { ClockReading, Diagnosis, DiagnosisCode } from './diagnosis.js'
import { type Evidence, examineAtAnyTime, proofWith } from './evidence.js'
import { MISTAKES, MISTAKES_OF_FORM } from './mistakes.js'

export interface DiagnoseOptions {
  /** What makes the provider, not the provider itself, which gives its secrets to nobody: `openMail`, say. */
  readonly provider: (options: { secrets: readonly Secret[] }) => Provider
  /** The secrets as they are configured, white space and all. */
  readonly secrets: SecretsOption
  /** As they arrived. Names in any case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  /** The bytes as they arrived; a text stands for its UTF-8. */
  readonly body: Uint8Array | string
  /** Secrets of other providers, by their names, to see whether they were mixed up. */
  readonly otherSecrets?: Readonly<Record<string, SecretsOption>> | undefined
  /** When the delivery arrived, in milliseconds since 1970. Default now. */
  readonly now?: number | undefined
}

/**
 * Says why a delivery is refused: names the one change under which its signature would fit, or says that none is known.
 *
 * For a developer with a captured request, not for a receiver: it hashes the body some hundred times, which takes a
 * second or two for 100 kB, and what it says would help a forger. It opens no connection, and its answer holds no
 * secret, no signature and nothing of the payload.
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
  const evidence = gather(options)
  if (evidence.secrets.length === 0) return SECRET_MISSING
  if (evidence.signature === '') return SIGNATURE_MISSING

  const provider = evidence.create({ secrets: evidence.secrets })
  const { examined, refusal } = examineAtAnyTime(provider, evidence.headers, evidence.nowMs)
  const clock = clockOf(examined?.sentAtMs, evidence.nowMs, refusal)
  const proof = proofWith(evidence)
  if (proof === undefined) return { ...(explain(evidence, refusal) ?? unexplained(evidence, refusal)), ...clock }
  return { ...(refusal === undefined ? ACCEPTED : untimely(evidence, refusal)), reading: proof.reading, ...clock }
}

function gather({ provider, secrets, headers, body, otherSecrets = {}, now = Date.now() }: DiagnoseOptions): Evidence {
  const reader = headerReader(headers)
  const { signatureHeader, timestampHeader } = provider({ secrets: [ANY_SECRET] })
  return {
    create: provider,
    secrets: secretBytes(secrets),
    otherSecrets: Object.entries(otherSecrets).flatMap(([name, others]) =>
      secretBytes(others).map((secret) => ({ name, secret })),
    ),
    headers: reader,
    signature: reader.header(signatureHeader) ?? '',
    timestamp: timestampHeader && reader.header(timestampHeader),
    body: Buffer.from(body),
    nowMs: now,
  }
}

/** Enough to ask a provider for the names of its headers. */
const ANY_SECRET = 'any'

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

/** The first mistake that makes the signature fit when it is undone. */
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

/** Headers that cannot be read are refused before the signature is looked at. */
const isOfForm = (refusal: WebhookError | undefined): refusal is WebhookError =>
  refusal !== undefined && refusal.ageMs === undefined

function unexplained({ body }: Evidence, refusal: WebhookError | undefined): Diagnosis {
  const code = isOfForm(refusal) ? FORMS[refusal.code] : undefined
  if (refusal === undefined || code === undefined) return body.length === 0 ? BODY_MISSING : NONE_FITS
  return { verdict: 'explained', code, message: refusal.message, advice: FORM_ADVICE }
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

/** No delivery is ten years away; the other unit is always further. */
const isNear = (atMs: number, nowMs: number) => Math.abs(atMs - nowMs) < 10 * 365 * 24 * 3600_000

function clockOf(
  sentAtMs: number | undefined,
  nowMs: number,
  refusal: WebhookError | undefined,
): { clock?: ClockReading } {
  // Beyond what a date can be, it is no time.
  if (sentAtMs === undefined || Math.abs(sentAtMs) > 8.64e15) return {}
  return {
    clock: {
      sentAt: new Date(sentAtMs),
      ageMs: nowMs - sentAtMs,
      isWithinWindow: refusal?.code !== 'timestamp_invalid',
    },
  }
}

const ACCEPTED: Diagnosis = {
  verdict: 'accepted',
  code: 'accepted',
  message: 'The signature fits and the time is within its window.',
}

const SECRET_MISSING: Diagnosis = {
  verdict: 'explained',
  code: 'secret_missing',
  message: 'There is no secret to verify with.',
  advice: 'Is its environment variable set, in the process that receives?',
}

const SIGNATURE_MISSING: Diagnosis = {
  verdict: 'explained',
  code: 'signature_missing',
  message: 'The request has no signature header of this provider.',
  advice: 'Is it another provider, or does a proxy remove headers that it does not know?',
}

const BODY_MISSING: Diagnosis = {
  verdict: 'explained',
  code: 'body_missing',
  message: 'There is no body, and the signature does not fit an empty one.',
  advice:
    'Capture the request with its body, which most signatures are made of. Where the signature is made of the secret ' +
    'alone, as at InboxKit, the secret is another one.',
}

const FORM_ADVICE = 'Compare the header with the one the provider sends: a proxy or the sender has changed it.'

const MILLISECONDS: Diagnosis = {
  verdict: 'explained',
  code: 'timestamp_unit',
  message: 'The signature is right, but the time is in milliseconds where seconds are expected.',
  advice: 'Write the time in seconds; this is for the sender to change.',
}

const CLOCK_ADVICE =
  'The signature is right. Set both clocks by NTP; with a captured request, judge it by the time it arrived at.'

const NONE_FITS: Diagnosis = {
  verdict: 'unexplained',
  code: 'none_fits',
  message: 'The signature is wrong, and none of the known mistakes explains it.',
  advice:
    'Most likely the secret is another one than the sender signs with, or the body is not the one that was sent: ' +
    'compare the secret with the one the provider shows, and capture the raw bytes of the request.',
}
