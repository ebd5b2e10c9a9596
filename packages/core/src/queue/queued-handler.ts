import type { Delivery } from '../delivery/delivery.js'
import type { RegisteredDelivery } from '../delivery/register.js'
import { type DispatchHandlers, dispatch } from '../event/dispatch.js'
import type { HandOffTerms } from './hand-off.js'
import { type PackedDelivery, packDelivery, unpackDelivery } from './packed-delivery.js'
import type { Queued, QueuedDelivery } from './queued-delivery.js'
import { Sealer } from './sealer.js'
import type { SealingOptions } from './sealing-keys.js'
import { storedError } from './stored-error.js'

/** The functions that a worker calls, one for each event type, as `dispatch` takes them. */
export type QueuedHandlers<D extends Delivery = RegisteredDelivery> = DispatchHandlers<Queued<D>>

/**
 * Makes the function that turns a delivery into what is put into a queue: JSON that tells no credentials.
 *
 * Throws a `TypeError`, which begins with `owner`, where neither `sealingKeys` nor `plaintext` is given.
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
 * Makes the function that handles what `deliveryPacker` put into a queue: opens it and calls the handler for its event
 * type. What the handler returns goes no further, for queues store results.
 *
 * It rejects with a `SealError` for what does not open, and when the handler fails with an error of the same name,
 * message, code and stack, without the credentials that they quote. It throws a `TypeError` as `deliveryPacker` does, and
 * for a handler that is no function.
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
      // The types hold for what the same providers received; the schemas were checked then.
      await dispatch<QueuedDelivery, unknown>(opened.delivery, handlers as DispatchHandlers<QueuedDelivery>)
    } catch (error) {
      throw storedError(error, opened)
    }
  }
}

/** Functions only: what is called with its options alone has them in the place of the handlers. */
function checkHandlers(owner: string, handlers: object): void {
  const isGiven = typeof handlers === 'object' && handlers !== null
  if (isGiven && Object.values(handlers).every(isHandler)) return
  throw new TypeError(
    `${owner}: pass the handlers first, e.g. { 'mailbox.created': async (delivery) => {} }, and then the options`,
  )
}

const isHandler = (value: unknown) => value === undefined || typeof value === 'function'
