import { createHash } from 'node:crypto'
import type { Delivery } from '../delivery/delivery.js'
import { codeOf, handOffFailed, type WebhookError } from '../errors.js'
import type { HandOff, HandOffTerms } from '../queue/hand-off.js'
import type { Timeout, Timeouts } from '../timeouts.js'
import type { Claimed, ClaimTools } from './claim-event.js'
import type { Arrival } from './verify.js'

/**
 * Puts a delivery into the queue and marks its event as handled, in this order: whatever happens between the two, the
 * event is in the queue. Throws `hand_off_failed` and gives the event back when the queue does not have it.
 */
export async function handOver(
  handOff: HandOff,
  delivery: Delivery,
  claimed: Claimed,
  { report }: Arrival,
  { settings, timeouts }: ClaimTools,
): Promise<void> {
  report.enter('hand-off')
  const terms = termsOf(delivery, claimed)
  const failure = await inTime(() => handOff(delivery, terms), settings.handOffTimeoutMs, timeouts).then(
    () => undefined,
    (error: WebhookError) => error,
  )
  const settlement = await claimed.held?.settle(failure === undefined)
  // A mark that was committed together with the job counts, whatever was heard of it.
  const isQueued = settlement?.isHandled ?? failure === undefined
  if (!isQueued) throw failure ?? handOffFailed('The hand-off gave the event back, or committed no mark of it.')
  report.note({ settled: settlement?.isConfirmed ?? false })
}

function termsOf({ id, receivedAt }: Delivery, { recognized }: Claimed): HandOffTerms {
  const { credentials, retries } = recognized.verified.provider
  const { hasNativeId } = recognized
  return {
    jobId: jobId({ key: id, hasNativeId, receivedAtMs: receivedAt.getTime(), retrySpanMs: retries.spanMs }),
    keepMs: retries.spanMs,
    credentials,
  }
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
