import type { HandOff } from '@mailbox-hooks/core'
import { checkNames, deliveryPacker, type PackedDelivery, type SealingOptions } from '@mailbox-hooks/core/queue'

/** The one method of BullMQ's `Queue` that is called: by its shape, so that the user's own version is used. */
export interface QueueLike {
  add(name: string, data: PackedDelivery, options: JobSettings): Promise<unknown>
}

interface JobSettings {
  readonly jobId: string
  readonly removeOnComplete: { readonly age: number }
  readonly removeOnFail: false
}

export interface BullmqHandOffOptions extends SealingOptions {
  /**
   * How long a finished job is kept at least, in milliseconds. Default, and the least: as long as its provider may send
   * the event again.
   */
  readonly keepMs?: number | undefined
}

/**
 * A `handOff` that puts each delivery into a BullMQ queue (5 and 6) as a job named by its event type. The event's job id
 * is the same each time, so that two deliveries of it are one job, even through a crash between queue and store.
 *
 * Attempts and back-off are the queue's `defaultJobOptions`. Jobs that have failed for good are kept until you remove
 * them. How durable a job is, Redis decides: `appendonly yes` and `maxmemory-policy noeviction`. Give the queue's
 * connection `enableOfflineQueue: false`; otherwise the client collects jobs in memory while Redis is away.
 *
 * Throws a `TypeError` where neither `sealingKeys` nor `plaintext: true` is given, and for options that cannot work.
 *
 * @example
 * const queue = new Queue('deliveries', { connection, defaultJobOptions: { attempts: 8, backoff: { type: 'exponential', delay: 1000 } } })
 * webhooks({ providers, store, handOff: bullmqHandOff(queue, { sealingKeys: [process.env.SEALING_KEY] }) })
 */
export function bullmqHandOff(queue: QueueLike, options: BullmqHandOffOptions): HandOff {
  if (typeof queue?.add !== 'function') throw new TypeError('bullmqHandOff: pass the Queue of BullMQ')
  const { keepMs = 0, ...sealing } = checkNames('bullmqHandOff', options, ['keepMs', 'sealingKeys', 'plaintext'])
  if (!Number.isFinite(keepMs) || keepMs < 0) throw new TypeError('bullmqHandOff: keepMs must be a number, 0 or above')
  const pack = deliveryPacker('bullmqHandOff', sealing)

  return (delivery, terms) => {
    const age = Math.ceil(Math.max(keepMs, terms.keepMs) / 1000)
    const { jobId } = terms
    return queue.add(delivery.event.type, pack(delivery, terms), {
      jobId,
      removeOnComplete: { age },
      removeOnFail: false,
    })
  }
}
