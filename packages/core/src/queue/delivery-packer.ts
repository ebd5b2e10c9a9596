import type { Delivery } from '../delivery/delivery.js'
import { checkNames } from '../options/option-names.js'
import type { HandOffTerms } from './hand-off.js'
import { type PackedDelivery, packDelivery } from './packed-delivery.js'
import { QueueFailure } from './queue-failure.js'
import { Sealer } from './sealer.js'
import type { SealingOptions } from './sealing-keys.js'

export interface PackerOptions extends SealingOptions {
  /**
   * Limits the size of a packed delivery as JSON, in bytes, because many brokers refuse large messages, or drop them. Default
   * none. A packed delivery has 1.33 to 2.67 times the bytes of its body.
   */
  readonly maxBytes?: number | undefined
}

/**
 * Creates the function that packs a delivery for a queue, as JSON that shows no credentials.
 *
 * Throws a `TypeError`, which begins with `owner`, if neither `sealingKeys` nor `plaintext` is given. The function throws if
 * the packed delivery is larger than `maxBytes`; the outcome then says both sizes.
 *
 * @example
 * const pack = deliveryPacker('myHandOff', { sealingKeys: [process.env.SEALING_KEY], maxBytes: 1_000_000 })
 * webhooks({ providers, handOff: (delivery, terms) => queue.put(terms.jobId, pack(delivery, terms)) })
 */
export function deliveryPacker(
  owner: string,
  options: PackerOptions,
): (delivery: Delivery, terms: HandOffTerms) => PackedDelivery {
  const { maxBytes, ...sealing } = checkNames(owner, options, ['sealingKeys', 'plaintext', 'maxBytes'])
  if (maxBytes !== undefined && !(Number.isInteger(maxBytes) && maxBytes > 0)) {
    throw new TypeError(`${owner}: maxBytes must be a whole number above 0`)
  }
  const sealer = new Sealer(owner, sealing)
  return (delivery, terms) => {
    const packed = packDelivery(delivery, terms, sealer)
    if (maxBytes !== undefined) checkSize(packed, delivery, maxBytes)
    return packed
  }
}

function checkSize(packed: PackedDelivery, delivery: Delivery, maxBytes: number): void {
  const bytes = Buffer.byteLength(JSON.stringify(packed))
  if (bytes <= maxBytes) return
  const message = `The packed delivery has ${bytes} bytes, and the queue takes ${maxBytes}.`
  const advice =
    `${message} Its body has ${delivery.rawBody().length} bytes, and packing makes 1.33 to 2.67 times as much of it: raise ` +
    "the queue's limit and maxBytes, or lower limitBytes of the receiver."
  throw new QueueFailure(new Error(message), advice)
}
