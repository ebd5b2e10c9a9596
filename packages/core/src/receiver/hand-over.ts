import { createHash } from 'node:crypto'
import { bodyMemoryMs } from '../claim/body-memory.js'
import type { Delivery } from '../delivery/delivery.js'
import { adviceOf, codeOf, handOffFailed, type WebhookError } from '../errors.js'
import type { Recorder } from '../journal/recorder.js'
import type { TraceContext } from '../outcome/observer.js'
import type { HandOff, HandOffTerms } from '../queue/hand-off.js'
import type { Timeout, Timeouts } from '../timeouts.js'
import { QUEUED } from './answer.js'
import type { Claimed, ClaimTools } from './claim-event.js'
import type { OutcomeReport } from './outcome-report.js'
import { isQueuedHere } from './receiver-options.js'
import type { Arrival } from './verify.js'

/**
 * Puts a delivery into the queue, then marks its event as handled. In this order, a crash between the two loses nothing.
 * Releases the event and throws `hand_off_failed` if the queue does not have it.
 */
export async function handOver(
  handOff: HandOff,
  delivery: Delivery,
  claimed: Claimed,
  { report }: Arrival,
  { settings, timeouts, journal }: ClaimTools,
): Promise<void> {
  const recorder = journal?.recorder
  report.enter('hand-off')
  if (isQueuedHere(settings)) return queueHere(claimed, report, recorder)
  if (claimed.run !== undefined) recorder?.offer(delivery, claimed.run)
  const terms = termsOf(delivery, claimed, report.trace)
  // A worker of the journal takes only what the journal's own hand-off has queued.
  claimed.run?.succeedAs('queued', 'never')
  const failure = await inTime(() => handOff(delivery, terms), settings.handOffTimeoutMs, timeouts).then(
    () => undefined,
    (error: WebhookError) => error,
  )
  report.end('handler')
  claimed.run?.describe({ status: failure?.status ?? QUEUED.status, code: failure?.code, keyId: '' })
  const settlement = await claimed.held?.settle(failure === undefined)
  report.end('settled')
  // A mark that was committed together with the job counts, even if the queue's answer was lost.
  const isQueued = settlement?.isHandled ?? failure === undefined
  if (!isQueued) throw failure ?? handOffFailed('The hand-off released the event, or committed no mark.')
  report.note({ settled: settlement?.isConfirmed ?? false })
}

/** The journal queued the event when it recorded it; only an entry that is replayed is put into its queue here. */
async function queueHere({ run, held, replay }: Claimed, report: OutcomeReport, recorder: Recorder | undefined) {
  if (replay !== undefined) run?.succeedAs('queued', { inMs: 0 })
  run?.describe({ status: QUEUED.status, keyId: '' })
  const settlement = await held?.settle(true)
  void run?.close('queued')
  report.note({ settled: settlement?.isConfirmed ?? true })
  recorder?.wake()
}

function termsOf(
  { id, receivedAt }: Delivery,
  { recognized, replay }: Claimed,
  trace: TraceContext | undefined,
): HandOffTerms {
  const { provider } = recognized.verified
  const { hasNativeId } = recognized
  const keepMs = bodyMemoryMs(provider)
  return {
    jobId: jobId({ key: id, hasNativeId, receivedAtMs: receivedAt.getTime(), spanMs: keepMs, replay: replay?.number }),
    keepMs,
    credentials: provider.credentials,
    trace,
  }
}

/**
 * Awaits the queue for at most `timeoutMs`, because a client that lost its server often waits for it. Throws only
 * `hand_off_failed`.
 */
async function inTime(put: () => Promise<unknown>, timeoutMs: number, timeouts: Timeouts): Promise<void> {
  let timeout: Timeout | undefined
  const tooLate = new Promise<never>((_resolve, reject) => {
    const message = `The queue did not take the delivery within ${timeoutMs} ms.`
    timeout = timeouts.start(timeoutMs, () => reject(handOffFailed(message)))
  })
  const refused = (cause: unknown): never => {
    throw handOffFailed(`The queue refused the delivery${codeOf(cause)}.${adviceOf(cause)}`, cause)
  }
  try {
    await Promise.race([start(put).catch(refused), tooLate])
  } finally {
    timeouts.stop(timeout!)
  }
}

/** Turns a thrown error into a rejection. */
async function start(put: () => Promise<unknown>): Promise<unknown> {
  return put()
}

interface JobIdentity {
  readonly key: string
  readonly hasNativeId: boolean
  readonly receivedAtMs: number
  readonly spanMs: number
  /** The number of the attempt, where a ticket began it. */
  readonly replay: number | undefined
}

/**
 * Returns the job id of an event. Without a native id, the same body may later be a new event. The id then includes the
 * retry span of the receipt, so that a queue with the earlier job does not drop the new one.
 */
function jobId({ key, hasNativeId, receivedAtMs, spanMs, replay }: JobIdentity): string {
  const hash = createHash('sha256').update(key)
  if (!hasNativeId) hash.update(`\n${Math.floor(receivedAtMs / spanMs)}`)
  // A replay is a job of its own: a queue that still has the first one would drop it.
  if (replay !== undefined) hash.update(`\nreplay ${replay}`)
  return hash.digest('hex')
}
