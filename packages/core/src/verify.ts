import { providerUnknown, signatureInvalid, WebhookError } from './errors.js'
import type { OutcomeReport } from './outcome.js'
import type { Examined, Provider } from './providers/provider.js'
import type { HeaderReader } from './request.js'
import type { Proof } from './signature/signature.js'

/** A request before its body is read, and where it is noted what is found out. */
export interface Intake {
  readonly headers: HeaderReader
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
}

/** The providers whose headers the request has, as far as headers can tell; throws when there is none left. */
export function examineHeaders(providers: readonly Provider[], intake: Intake): readonly Candidate[] {
  const { headers, receivedAtMs, report } = intake
  const candidates: Candidate[] = []
  let refused: { provider: Provider; error: WebhookError } | undefined
  for (const provider of providers) {
    if (headers.header(provider.signatureHeader) === undefined) continue
    try {
      candidates.push({ provider, examined: provider.examine(headers, receivedAtMs) })
    } catch (error) {
      if (!(error instanceof WebhookError)) throw error
      // Of several refusals the one that came furthest is told: the time is looked at after the signature's form.
      if (refused === undefined || error.code === 'timestamp_invalid') refused = { provider, error }
    }
  }
  if (candidates.length > 0) return candidates
  if (refused === undefined) throw providerUnknown()
  setProvider(report, refused.provider)
  report.facts.ageMs = refused.error.ageMs
  throw asAnsweredTo(refused.provider, refused.error)
}

/** The first candidate for whom the signature is good; throws when it is good for none. */
export function verifyBody(candidates: readonly Candidate[], body: Uint8Array, intake: Intake): Verified {
  const { headers, receivedAtMs, report } = intake
  for (const { provider, examined } of candidates) {
    setProvider(report, provider)
    const { sentAtMs } = examined
    report.facts.ageMs = sentAtMs === undefined ? undefined : receivedAtMs - sentAtMs
    const proof = provider.verify(examined, headers, body)
    if (proof === undefined) continue
    report.authenticBody = body
    report.facts.trust = proof.trust
    report.facts.reading = proof.reading
    return { provider, proof, sentAtMs }
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

function setProvider(report: OutcomeReport, { name, account }: Provider): void {
  report.facts.provider = name
  report.facts.account = account
}
