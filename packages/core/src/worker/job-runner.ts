import { GuardedStore } from '../claim/guarded-store.js'
import { HeldClaim } from '../claim/held-claim.js'
import type { Delivery } from '../delivery/delivery.js'
import type { DeliveryClaim } from '../delivery/received-delivery.js'
import { markNotCommitted, WebhookError } from '../errors.js'
import { type DispatchHandlers, dispatch, wasLeftToNobody } from '../event/dispatch.js'
import { RECEIVER_STEPS } from '../journal/recorded-journal.js'
import type { Recorder } from '../journal/recorder.js'
import { type RunFacts, RunReport } from '../outcome/run-report.js'
import { Running } from '../outcome/running.js'
import { type OpenedJob, openJob, readableFacts } from '../queue/packed-delivery.js'
import type { QueuedDelivery } from '../queue/queued-delivery.js'
import { Sealer } from '../queue/sealer.js'
import { storedError } from '../queue/stored-error.js'
import { printedError } from '../redaction/printed-error.js'
import { secretCutter } from '../redaction/secret-cutter.js'
import { Timeouts } from '../timeouts.js'
import { type ClaimedJob, claimJob, LEASE_MS } from './claim-job.js'
import { noClaim } from './no-claim.js'
import type { QueuedJob } from './queued-job.js'
import { checkWorkerOptions, type WorkerOptions, type WorkerSettings } from './worker-options.js'

const STORE_TIMEOUT_MS = 5_000

/** The queue limits how long a handler runs, not the claim. */
const MAX_HANDLER_MS = 24 * 3600_000

export type AnyHandlers = ((delivery: QueuedDelivery) => unknown) | DispatchHandlers<QueuedDelivery>

/** Runs queued deliveries with the user's handlers, one shape for all queues. */
export class JobRunner {
  readonly #owner: string
  readonly #handlers: AnyHandlers
  readonly #settings: WorkerSettings
  readonly #sealer: Sealer
  readonly #timeouts = new Timeouts()
  readonly #store: GuardedStore | undefined
  readonly #recorder: Recorder | undefined
  readonly #running = new Running()

  constructor(owner: string, handlers: AnyHandlers, options: WorkerOptions) {
    this.#owner = owner
    this.#handlers = handlers
    this.#settings = checkWorkerOptions(owner, options)
    this.#sealer = new Sealer(owner, options)
    const { store, journal } = this.#settings
    const [timeouts, timeoutMs] = [this.#timeouts, STORE_TIMEOUT_MS]
    this.#store = store && new GuardedStore(store, timeoutMs, timeouts)
    this.#recorder = journal?.[RECEIVER_STEPS]({ timeoutMs, timeouts }).recorder
  }

  /** Resolves once no handler runs. */
  idle(): Promise<void> {
    return this.#running.idle()
  }

  /** Runs a job. Rejects with an error that the queue may store, if the job must be retried. */
  async run(packed: unknown, job: QueuedJob): Promise<void> {
    const end = this.#running.begin()
    try {
      await this.#run(packed, job)
    } finally {
      end()
    }
  }

  async #run(packed: unknown, job: QueuedJob): Promise<void> {
    const opened = this.#open(packed, job)
    const facts = factsOf(opened, job)
    const report = new RunReport(this.#settings, opened.trace, job.original)
    const fail = (error: Error, code?: WebhookError['code']): never => {
      report.end(facts, { kind: kindOfFailure(error, job), error: printedError(error, NOTHING_TO_CUT), code })
      throw error
    }
    const claimed = await this.#claim(opened, job, report).catch((thrown: Error) => {
      fail(cleaned(thrown, opened), thrown instanceof WebhookError ? thrown.code : undefined)
    })
    if (!claimed) return report.end(facts, { kind: 'duplicate' })
    const { failure, isHandled, settled, handledBy } = await this.#handle(opened, claimed, job, report)
    if (!isHandled) return fail(failure ?? markNotCommitted())
    report.end(facts, { kind: 'handled', settled, handledBy })
  }

  #open(packed: unknown, job: QueuedJob): OpenedJob {
    try {
      return openJob(packed, this.#sealer)
    } catch (error) {
      const { jobId, attempt } = job
      const report = new RunReport(this.#settings, undefined, job.original)
      const kind = kindOfFailure(error as Error, job)
      report.end({ ...readableFacts(packed), jobId, attempt }, { kind, error: printedError(error, NOTHING_TO_CUT) })
      throw error
    }
  }

  async #claim({ facts, jobId }: OpenedJob, job: QueuedJob, report: RunReport): Promise<ClaimedJob | undefined> {
    const [store, recorder] = [this.#store, this.#recorder]
    if (store === undefined && recorder === undefined) return { lock: undefined, run: undefined }
    report.enter('claim')
    const { id, provider, event } = facts
    const signal = job.signal ?? new AbortController().signal
    const jobKey = jobId ?? job.jobId ?? id
    const claimed = await claimJob({ id, jobKey, provider, type: event.type, signal }, { store, recorder })
    report.leave()
    return claimed
  }

  async #handle(opened: OpenedJob, { lock, run }: ClaimedJob, job: QueuedJob, report: RunReport) {
    const held = lock && this.#hold(lock)
    const delivery = opened.deliver(claimOf(held, job.signal, this.#owner))
    report.enter('handler')
    const thrown = await this.#call(delivery, report)
    report.leave()
    const failure = thrown && storedError(thrown.error, { delivery, credentials: opened.credentials })
    const kind = failure && kindOfFailure(failure, job)
    run?.failAs(kind === 'dead' ? 'dead' : 'failed', 'never')
    const sealed = failure && run && (await this.#sealError(opened, failure))
    run?.describe({ status: failure === undefined ? 200 : 500, keyId: '', ...sealed })
    const settlement = await held?.settle(failure === undefined)
    const isHandled = settlement?.isHandled ?? failure === undefined
    await run?.close(isHandled ? 'handled' : (kind ?? 'failed'))
    const handledBy = wasLeftToNobody(delivery) ? ('nobody' as const) : undefined
    return { failure, isHandled, settled: settlement?.isConfirmed, handledBy }
  }

  /** Resolves to whatever the handler threw. */
  async #call(delivery: Delivery, report: RunReport): Promise<{ readonly error: unknown } | undefined> {
    try {
      await report.run(() => callHandlers(this.#handlers, delivery))
      return undefined
    } catch (error) {
      return { error }
    }
  }

  #hold(lock: NonNullable<ClaimedJob['lock']>): HeldClaim {
    return new HeldClaim({
      lock,
      timeouts: this.#timeouts,
      leaseMs: LEASE_MS,
      maxHandlerMs: MAX_HANDLER_MS,
      onCompleted: undefined,
      onTimeUp: () => undefined,
    })
  }

  async #sealError({ facts }: OpenedJob, failure: Error) {
    const error = printedError(failure, NOTHING_TO_CUT)
    return this.#recorder?.sealError(facts.id, error).catch(() => undefined)
  }
}

/** The error is clean already: `storedError` has cut the credentials out, and other errors quote no payload. */
const NOTHING_TO_CUT = secretCutter([])

/** An outage may quote what was asked. Its own code and message stay, and its cause goes. */
function cleaned(thrown: unknown, { facts, credentials }: OpenedJob): Error {
  return storedError(thrown, { delivery: facts, credentials })
}

function factsOf({ facts, jobId, queuedAtMs }: OpenedJob, job: QueuedJob): RunFacts {
  const { id, provider, account, event, trust } = facts
  return {
    provider,
    account,
    id,
    type: event.type,
    name: event.known ? undefined : event.name,
    trust,
    jobId: job.jobId ?? jobId,
    attempt: job.attempt,
    queuedMs: Date.now() - queuedAtMs,
  }
}

const kindOfFailure = (error: Error, { isLast }: QueuedJob) =>
  (typeof isLast === 'function' ? isLast(error) : isLast) ? ('dead' as const) : ('failed' as const)

/** The claim of a queued delivery; its signal aborts with that of the job. */
function claimOf(held: HeldClaim | undefined, signal: AbortSignal | undefined, owner: string): DeliveryClaim {
  if (held === undefined) return noClaim(owner, signal ?? new AbortController().signal)
  return {
    get signal() {
      return signal === undefined ? held.signal : AbortSignal.any([signal, held.signal])
    },
    complete: (options) => held.complete(options),
    release: () => held.release(),
  }
}

// The types hold because the same providers checked the schemas at the receipt.
const callHandlers = (handlers: AnyHandlers, delivery: Delivery): unknown =>
  typeof handlers === 'function' ? handlers(delivery) : dispatch<QueuedDelivery, unknown>(delivery, handlers)
