import type { Delivery } from '../delivery/delivery.js'
import type { RegisteredDelivery } from '../delivery/register.js'
import { type DispatchHandlers, dispatch } from '../event/dispatch.js'
import type { HandOffTerms } from './hand-off.js'
import { type PackedDelivery, packDelivery, unpackDelivery } from './packed-delivery.js'
import type { Queued, QueuedDelivery } from './queued-delivery.js'
import { Sealer } from './sealer.js'
import type { SealingOptions } from './sealing-keys.js'
import { storedError } from './stored-error.js'

/** The functions of a worker, by event type, as for `dispatch`. */
export type QueuedHandlers<D extends Delivery = RegisteredDelivery> = DispatchHandlers<Queued<D>>

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

/**
 * Creates the function that opens a delivery packed by `deliveryPacker` and calls the handler for its event type. The
 * handler's result is dropped, because queues store results.
 *
 * It rejects with a `SealError` if the delivery cannot be opened. If the handler fails, it rejects with an error of the same
 * name, message, code and stack, with the credentials removed. Throws a `TypeError` as `deliveryPacker` does, and for a
 * handler that is not a function.
 *
 * @example
 * const handle = queuedHandler('myWorker', { 'mailbox.created': async ({ event }) => {} }, { sealingKeys })
 * queue.consume((job) => handle(job.data))
 */
export function queuedHandler<D extends Delivery = RegisteredDelivery>(
  owner: string,
  handlers: QueuedHandlers<D>,
  options: SealingOptions,
): (packed: unknown, signal?: AbortSignal) => Promise<void> {
  checkHandlers(owner, handlers)
  const sealer = new Sealer(owner, options)
  return async (packed, signal = new AbortController().signal) => {
    const opened = unpackDelivery(packed, sealer, signal)
    try {
      // The types hold because the same providers checked the schemas at the receipt.
      await dispatch<QueuedDelivery, unknown>(opened.delivery, handlers as DispatchHandlers<QueuedDelivery>)
    } catch (error) {
      throw storedError(error, opened)
    }
  }
}

/** Checks that all handlers are functions. They are not if only the options were passed. */
function checkHandlers(owner: string, handlers: object): void {
  const isGiven = typeof handlers === 'object' && handlers !== null
  if (isGiven && Object.values(handlers).every(isHandler)) return
  throw new TypeError(
    `${owner}: pass the handlers first, e.g. { 'mailbox.created': async (delivery) => {} }, and then the options`,
  )
}

const isHandler = (value: unknown) => value === undefined || typeof value === 'function'
