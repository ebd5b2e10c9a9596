import { providerUnknown, signatureInvalid, WebhookError } from '../errors.js'
import type { Examined, Provider } from '../providers/provider.js'
import type { WebhookRequest } from '../request/webhook-request.js'
import type { Proof } from '../signature/signature.js'
import type { OutcomeReport } from './outcome-report.js'

/** A request on its way through the steps, and where they note what they find out. */
export interface Arrival {
  readonly request: WebhookRequest
  readonly receivedAtMs: number
  readonly report: OutcomeReport
}

/** A provider whose headers the request has, as they should be. */
export interface Candidate {
  readonly provider: Provider
  readonly examined: Examined
}

/** Whose delivery it is, and how that is known. */
export interface Verified {
  readonly provider: Provider
  readonly proof: Proof
  readonly sentAtMs: number | undefined
  /** The bytes that were verified. */
  readonly body: Uint8Array
}

/** The providers whose headers the request has, as far as headers can tell; throws when there is none left. */
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
      // Of several refusals the one that came furthest is told: the time is looked at after the signature's form.
      if (refused === undefined || error.code === 'timestamp_invalid') refused = { provider, error }
    }
  }
  if (candidates.length > 0) return candidates
  if (refused === undefined) throw providerUnknown()
  report.note({ ...ownerOf(refused.provider), ageMs: refused.error.ageMs })
  throw asAnsweredTo(refused.provider, refused.error)
}

/** The first candidate for whom the signature is good; throws when it is good for none. */
export function verifyBody(candidates: readonly Candidate[], body: Uint8Array, arrival: Arrival): Verified {
  const { request, receivedAtMs, report } = arrival
  for (const { provider, examined } of candidates) {
    const { sentAtMs } = examined
    report.note({ ...ownerOf(provider), ageMs: sentAtMs === undefined ? undefined : receivedAtMs - sentAtMs })
    const proof = provider.verify(examined, request, body)
    if (proof === undefined) continue
    report.noteAuthenticBody(body)
    report.note({ trust: proof.trust, reading: proof.reading })
    return { provider, proof, sentAtMs, body }
  }
  throw signatureInvalid()
}

/**
 * Some providers take a 4xx as the end of an event. What a later attempt may repair (a clock, a schema that is behind)
 * is answered to them as a failure of our own.
 */
export function asAnsweredTo({ retries }: Provider, error: WebhookError): WebhookError {
  const mayPass = error.code === 'timestamp_invalid' || error.code === 'payload_invalid'
  return retries.clientErrorsAreFinal && mayPass ? error.withStatus(503) : error
}

const ownerOf = ({ name, account }: Provider) => ({ provider: name, account })
