import { providerUnknown, signatureInvalid, WebhookError } from '../errors.js'
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

/** Returns the providers whose headers the request has. Throws if there is none, or if all of them refuse the headers. */
export function examineHeaders(providers: readonly Provider[], arrival: Arrival): readonly Candidate[] {
  const { request, receivedAtMs, report } = arrival
  const candidates: Candidate[] = []
  let refused: { provider: Provider; error: WebhookError } | undefined
  for (const provider of providers) {
    if (request.header(provider.signatureHeader) === undefined) continue
    try {
      candidates.push({ provider, examined: provider.examine(request, receivedAtMs) })
    } catch (error) {
      if (!(error instanceof WebhookError)) throw error
      // Report the refusal that came furthest: the time is checked after the form of the signature.
      if (refused === undefined || error.code === 'timestamp_invalid') refused = { provider, error }
    }
  }
  if (candidates.length > 0) return candidates
  if (refused === undefined) throw providerUnknown()
  report.note({ ...ownerOf(refused.provider), ageMs: refused.error.ageMs })
  throw asAnsweredTo(refused.provider, refused.error)
}

/** Returns the first candidate whose signature verifies. Throws if none does. */
export function verifyBody(candidates: readonly Candidate[], body: Uint8Array, arrival: Arrival): Verified {
  const { request, receivedAtMs, report } = arrival
  for (const { provider, examined } of candidates) {
    const { sentAtMs } = examined
    report.note({ ...ownerOf(provider), ageMs: sentAtMs === undefined ? undefined : receivedAtMs - sentAtMs })
    const proof = provider.verify(examined, request, body)
    if (proof === undefined) continue
    report.noteAuthentic()
    report.note({ trust: proof.trust, reading: proof.reading })
    if (examined.refusal !== undefined) {
      report.note({ ageMs: examined.refusal.ageMs })
      throw asAnsweredTo(provider, examined.refusal)
    }
    return { provider, proof, sentAtMs, body }
  }
  throw signatureInvalid()
}

/**
 * Returns the error with the status for this provider. If the provider does not retry after a 4xx, an error that may
 * disappear later (a wrong clock, an outdated schema) becomes a 503.
 */
export function asAnsweredTo({ retries }: Provider, error: WebhookError): WebhookError {
  const mayPass = error.code === 'timestamp_invalid' || error.code === 'payload_invalid'
  return retries.clientErrorsAreFinal && mayPass ? error.withStatus(503) : error
}

const ownerOf = ({ name, account }: Provider) => ({ provider: name, account })
