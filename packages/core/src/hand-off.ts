import { createHash } from 'node:crypto'
import type { Claimed, ClaimTools } from './claim-event.js'
import type { Delivery } from './delivery.js'
import { handOffFailed, type WebhookError } from './errors.js'
import { codeOf } from './failure-code.js'
import type { OutcomeReport } from './outcome.js'
import type { Recognized } from './recognize.js'
import type { Timeout, Timeouts } from './timeouts.js'
import type { Verified } from './verify.js'

/**
 * Puts a delivery into a queue, for a worker to handle. It resolves when the queue has it durably, and rejects when it
 * has not; then the provider is asked to send it again.
 *
 * It may be called again for an event that it has put into the queue before: the process can die before the event is
 * marked as handled, and an answer that came after `handOffTimeoutMs` does not count. `terms.jobId` makes one job of
 * both.
 */
export interface HandOff<D = Delivery> {
  (delivery: D, terms: HandOffTerms): Promise<unknown>
  /** It calls `delivery.complete({ within })`, so that it needs a store with a method `isDone`. Default false. */
  readonly isTransactional?: boolean
}

/** What a queue needs to know of a delivery beyond the delivery itself. */
export interface HandOffTerms {
  /**
   * 64 hexadecimal digits, the same for each delivery of one event.
   *
   * An event without an id of the provider's own is known by its body, which may rightly come again: its job's id also
   * tells in which span of `keepMs` it came. The spans begin at fixed times, so that two deliveries of one event on
   * either side of a border have two ids.
   */
  readonly jobId: string
  /** How long a finished job's id must be remembered, in milliseconds: as long as the provider may send its event again. */
  readonly keepMs: number
  /** Names of payload fields that hold credentials, in addition to those that `redact` knows. */
  readonly credentials: readonly string[]
}

/** A delivery on its way into the queue, and what the steps before have found out. */
export interface HandingOver {
  readonly delivery: Delivery
  readonly verified: Verified
  readonly recognized: Recognized
  readonly claimed: Claimed
}

/**
 * Puts a delivery into the queue and marks its event as handled, in this order: whatever happens between the two, the
 * event is in the queue. Throws `hand_off_failed` and gives the event back when the queue does not have it.
 */
export async function handOver(
  handOff: HandOff,
  { settings, timeouts }: ClaimTools,
  { delivery, verified, recognized, claimed }: HandingOver,
  report: OutcomeReport,
): Promise<void> {
  const { id, receivedAt } = delivery
  const { credentials, retries } = verified.provider
  const { hasNativeId } = recognized
  const terms = {
    jobId: jobId({ key: id, hasNativeId, receivedAtMs: receivedAt.getTime(), retrySpanMs: retries.spanMs }),
    keepMs: retries.spanMs,
    credentials,
  }
  const { handOffTimeoutMs } = settings
  const failure = await inTime(() => handOff(delivery, terms), handOffTimeoutMs, timeouts).then(
    () => undefined,
    (error: WebhookError) => error,
  )
  const settlement = await claimed.held?.settle(failure === undefined)
  // A mark that was committed together with the job counts, whatever was heard of it.
  const isQueued = settlement?.isHandled ?? failure === undefined
  if (!isQueued) throw failure ?? handOffFailed('The hand-off gave the event back, or committed no mark of it.')
  report.facts.settled = settlement?.isConfirmed ?? false
}

/**
 * Awaits the queue, but not for ever: a client that has lost its server often waits until it is back. Throws
 * `hand_off_failed` and nothing else.
 */
async function inTime(put: () => Promise<unknown>, timeoutMs: number, timeouts: Timeouts): Promise<void> {
  let timeout: Timeout | undefined
  const tooLate = new Promise<never>((_resolve, reject) => {
    const message = `The queue did not take the delivery within ${timeoutMs} ms.`
    timeout = timeouts.start(timeoutMs, () => reject(handOffFailed(message)))
  })
  const refused = (cause: unknown): never => {
    throw handOffFailed(`The queue refused the delivery${codeOf(cause)}.`, cause)
  }
  try {
    await Promise.race([start(put).catch(refused), tooLate])
  } finally {
    timeouts.stop(timeout!)
  }
}

/** A queue that throws instead of rejecting has refused just the same. */
async function start(put: () => Promise<unknown>): Promise<unknown> {
  return put()
}

interface JobIdentity {
  readonly key: string
  readonly hasNativeId: boolean
  readonly receivedAtMs: number
  readonly retrySpanMs: number
}

/**
 * The id of the job for an event. A body that is its own id may rightly come again once the provider has stopped
 * repeating it, so the span in which it came belongs to its id: a queue that still keeps the earlier job must not take
 * the new one for it.
 */
function jobId({ key, hasNativeId, receivedAtMs, retrySpanMs }: JobIdentity): string {
  const hash = createHash('sha256').update(key)
  if (!hasNativeId) hash.update(`\n${Math.floor(receivedAtMs / retrySpanMs)}`)
  return hash.digest('hex')
}
