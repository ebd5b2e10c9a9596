import type { Delivery } from '../delivery/delivery.js'
import type { HandOffTerms } from './hand-off.js'
import { type PackedDelivery, packDelivery } from './packed-delivery.js'
import { Sealer } from './sealer.js'
import type { SealingOptions } from './sealing-keys.js'

/**
 * Creates the function that packs a delivery for a queue, as JSON that shows no credentials.
 *
 * Throws a `TypeError`, which begins with `owner`, if neither `sealingKeys` nor `plaintext` is given.
 *
 * @example
 * const pack = deliveryPacker('myHandOff', { sealingKeys: [process.env.SEALING_KEY] })
 * webhooks({ providers, handOff: (delivery, terms) => queue.put(terms.jobId, pack(delivery, terms)) })
 */
export function deliveryPacker(
  owner: string,
  options: SealingOptions,
): (delivery: Delivery, terms: HandOffTerms) => PackedDelivery {
  const sealer = new Sealer(owner, options)
  return (delivery, terms) => packDelivery(delivery, terms, sealer)
}
