import type { DeliveryClaim } from '../delivery/received-delivery.js'

/** The claim of a queued delivery where no journal and no store gives one: the end of the job decides. */
export const noClaim = (owner: string, signal: AbortSignal): DeliveryClaim => ({
  signal,
  complete(options) {
    if (options?.within === undefined) return Promise.resolve(false)
    throw new TypeError(
      `complete({ within }): this worker has nothing to mark. Pass ${owner} a SQL journal, or a store of the same database ` +
        'as the transaction, e.g. store: postgresStore(pool)',
    )
  },
  release: () => Promise.resolve(false),
})
