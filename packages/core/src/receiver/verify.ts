import { type ErrorCode, providerUnknown, signatureInvalid, WebhookError } from '../errors.js'
import type { Examined, Provider } from '../providers/provider.js'
import type { WebhookRequest } from '../request/webhook-request.js'
import type { Proof } from '../signature/signature.js'
import type { OutcomeReport } from './outcome-report.js'

/** A request on its way through the steps, with the report that collects their notes. */
export interface Arrival {
  readonly request: WebhookRequest
  readonly receivedAtMs: number
  readonly report: OutcomeReport
}

/** A provider whose headers are in the request and well formed. */
export interface Candidate {
  readonly provider: Provider
  readonly examined: Examined
}

/** A delivery's provider, with the proof. */
export interface Verified {
  readonly provider: Provider
  readonly proof: Proof
  readonly sentAtMs: number | undefined
  /** The bytes that were verified. */
  readonly body: Uint8Array
}

/** What the headers of a request say. */
export interface ExaminedHeaders {
  /** The providers whose headers the request has, and that accept them. */
  readonly candidates: readonly Candidate[]
  /** What another provider says of its time, for the case that no candidate verifies. */
  readonly refused: Refused | undefined
}

interface Refused {
  readonly provider: Provider
  readonly error: WebhookError
}

/** Examines the headers by each provider. Throws if the request has those of none, or if all of them refuse it. */
export function examineHeaders(providers: readonly Provider[], arrival: Arrival): ExaminedHeaders {
  const { request, receivedAtMs, report } = arrival
  const candidates: Candidate[] = []
  let refused: Refused | undefined
  for (const provider of providers) {
    try {
      const examined = provider.examine(request, receivedAtMs)
      if (examined !== undefined) candidates.push({ provider, examined })
    } catch (error) {
      if (!(error instanceof WebhookError)) throw error
      // Report the refusal that came furthest: the time is checked after the form of the signature.
      if (refused === undefined || error.code === 'timestamp_invalid') refused = { provider, error }
    }
  }
  const isOfTime = refused?.error.code === 'timestamp_invalid'
  if (candidates.length > 0) return { candidates, refused: isOfTime ? refused : undefined }
  if (refused === undefined) throw providerUnknown()
  throw refusedBy(refused, report)
}

function refusedBy({ provider, error }: Refused, report: OutcomeReport): WebhookError {
  noteOwner(report, provider, error.ageMs)
  return asAnsweredTo(provider, error)
}

/** Reads the body. Rejects with the status for the provider whose static token the request has, if there is one. */
export function readBody(
  { candidates }: ExaminedHeaders,
  { request }: Arrival,
  limitBytes: number,
): Promise<Uint8Array> {
  const body = request.readBody(limitBytes)
  const sender = candidates.find(({ examined }) => examined.proof !== undefined)
  // Only a proven sender gets a 5xx: strangers must not be able to cause alarms.
  if (sender === undefined) return body
  return body.catch((error) => {
    throw error instanceof WebhookError ? asAnsweredTo(sender.provider, error) : error
  })
}

/** Returns the first candidate whose signature verifies. Throws if none does. */
export function verifyBody({ candidates, refused }: ExaminedHeaders, body: Uint8Array, arrival: Arrival): Verified {
  const { receivedAtMs, report } = arrival
  for (const candidate of candidates) {
    const { provider, examined } = candidate
    noteOwner(report, provider, ageOf(examined.sentAtMs, receivedAtMs))
    const proof = proofOf(candidate, body, arrival)
    if (proof === undefined) continue
    const { sentAtMs = examined.sentAtMs } = proof
    report.noteAuthentic()
    report.end('verified')
    report.note({
      trust: proof.trust,
      reading: proof.reading,
      secret: proof.secret,
      ageMs: ageOf(sentAtMs, receivedAtMs),
    })
    if (examined.refusal !== undefined) {
      report.note({ ageMs: examined.refusal.ageMs })
      throw asAnsweredTo(provider, examined.refusal)
    }
    return { provider, proof, sentAtMs, body }
  }
  // A provider whose signature is in each body hides nothing from one whose time was wrong.
  throw refused === undefined ? signatureInvalid() : refusedBy(refused, report)
}

function proofOf({ provider, examined }: Candidate, body: Uint8Array, { request, report }: Arrival): Proof | undefined {
  try {
    return provider.verify(examined, request, body)
  } catch (error) {
    // The sender is genuine, and only its time is wrong.
    if (!(error instanceof WebhookError)) throw error
    report.noteAuthentic()
    report.note({ ageMs: error.ageMs })
    throw asAnsweredTo(provider, error)
  }
}

const ageOf = (sentAtMs: number | undefined, nowMs: number) => (sentAtMs === undefined ? undefined : nowMs - sentAtMs)

/** Errors that may disappear later: a wrong clock, an outdated schema, an upload that was cut off. */
const MAY_PASS: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['timestamp_invalid', 'payload_invalid', 'body_aborted'])

/**
 * Returns the error with the status for this provider. If the provider does not retry after a 4xx, an error that may
 * disappear later becomes a 503.
 */
export function asAnsweredTo({ retries }: Provider, error: WebhookError): WebhookError {
  return retries.clientErrorsAreFinal && MAY_PASS.has(error.code) ? error.withStatus(503) : error
}

const noteOwner = (report: OutcomeReport, { name, account }: Provider, ageMs: number | undefined) =>
  report.note({ provider: name, account, ageMs })
