import { NO_CLAIM } from '../claim/no-claim.js'
import { ReceivedDelivery } from '../delivery/received-delivery.js'
import type { Claimed } from './claim-event.js'
import type { Arrival } from './verify.js'

/** Makes the delivery of a claimed event, for its handler. `acceptedBy` identifies the receiver. */
export function toDelivery({ recognized, id, held, stale, replay }: Claimed, arrival: Arrival, acceptedBy: symbol) {
  const { receivedAtMs } = replay ?? arrival
  const { provider, proof, sentAtMs, body } = recognized.verified
  const facts = {
    id,
    provider: provider.name,
    account: provider.account,
    event: recognized.event,
    trust: proof.trust,
    sentAt: new Date(sentAtMs ?? receivedAtMs),
    receivedAt: new Date(receivedAtMs),
    attempt: recognized.attempt,
    stale,
    replayed: replay !== undefined,
  }
  const { credentials } = provider
  return new ReceivedDelivery(facts, { body, credentials, claim: held ?? NO_CLAIM, report: arrival.report, acceptedBy })
}
