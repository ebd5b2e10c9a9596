import type { HandOff } from '@mailbox-hooks/core'
import { checkNames, deliveryPacker, type PackedDelivery, type SealingOptions } from '@mailbox-hooks/core/queue'
import { rethrowAdvised } from './rethrow-advised.js'

/** The method used of BullMQ's `Queue`. Nothing is imported, so the version is the user's. */
export interface QueueLike {
  add(name: string, data: PackedDelivery, options: JobSettings): Promise<unknown>
  /** For `receive.health()`. */
  getJob?(id: string): Promise<unknown>
}

interface JobSettings {
  readonly jobId: string
  readonly removeOnComplete: { readonly age: number }
  readonly removeOnFail: false
}

export interface BullmqHandOffOptions extends SealingOptions {
  /**
   * Sets how long a finished job is kept at least, in milliseconds. The default, and the minimum, is as long as its provider
   * keeps retrying or its request stays within the window, whichever is longer.
   */
  readonly keepMs?: number | undefined
}

/**
 * Creates a `handOff` that puts each delivery into a BullMQ queue (5 and 6), as a job named by its event type. The job id
 * of an event is always the same, so two deliveries of it are one job, even through a crash between queue and store.
 *
 * Set attempts and back-off in the queue's `defaultJobOptions`. Jobs that failed for good are kept until you remove them.
 * Redis decides how durable a job is: set `appendonly yes` and `maxmemory-policy noeviction`. Give the queue's connection
 * `enableOfflineQueue: false`, because otherwise the client collects jobs in memory while Redis is unreachable.
 *
 * On a Redis Cluster, set `prefix: '{mailbox-hooks}'` on `Queue` and `Worker`, so that all keys of a queue have one slot.
 *
 * Throws a `TypeError` if neither `sealingKeys` nor `plaintext: true` is given, and for a wrong option.
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

  const handOff: HandOff = (delivery, terms) => {
    const age = Math.ceil(Math.max(keepMs, terms.keepMs) / 1000)
    const { jobId } = terms
    const settings = { jobId, removeOnComplete: { age }, removeOnFail: false } as const
    return queue.add(delivery.event.type, pack(delivery, terms), settings).catch(rethrowAdvised)
  }
  return queue.getJob === undefined ? handOff : Object.assign(handOff, { ping: async () => queue.getJob?.('none') })
}
