import type { ArrivalRecord, ArrivalStepName } from '../journal/arrival.js'
import type { Recorder } from '../journal/recorder.js'
import { harmless } from '../outcome/harmless.js'
import { wasLogged } from '../outcome/log-outcomes.js'
import { runObserved } from '../outcome/observed-handler.js'
import type { DeliveryObserver, DeliveryStep, ObservedDelivery, TraceContext } from '../outcome/observer.js'
import type { Outcome, OutcomeKind, OutcomeListener } from '../outcome/outcome.js'
import { credentialsIn } from '../redaction/credentials-in.js'
import { hideGetters } from '../redaction/hide-getters.js'
import { type PrintedError, printedError } from '../redaction/printed-error.js'
import { secretCutter } from '../redaction/secret-cutter.js'
import type { WebhookRequest } from '../request/webhook-request.js'

/** The parts of an outcome that the steps note. */
type Facts = Omit<Outcome, 'kind' | 'status' | 'durationMs' | 'rawBody'>

type Notes = { -readonly [Name in keyof Facts]?: Facts[Name] | undefined }

/** The listeners to outcomes. */
interface Listeners {
  readonly onOutcome?: OutcomeListener | undefined
  readonly observer?: DeliveryObserver | undefined
}

/** Collects the notes of a delivery's steps and reports its outcome, once. */
export class OutcomeReport {
  readonly #onOutcome: OutcomeListener | undefined
  readonly #observed: ObservedDelivery | undefined
  readonly #notes: Notes = {}
  readonly #recorder: Recorder | undefined
  readonly #request: WebhookRequest
  /** Without a listener nobody reads the notes, nor the time. */
  readonly #isHeard: boolean
  readonly #startedAt: number
  #body: Uint8Array | undefined
  #payload: unknown
  #credentials: readonly string[] = []
  #isAuthentic = false
  #isRecorded = false
  #hasRun = true
  #hasLeft = false
  #isReported = false
  #isLogged = false
  /** How the request arrived, if the journal keeps that. */
  readonly record: ArrivalRecord | undefined

  constructor({ onOutcome, observer }: Listeners, recorder: Recorder | undefined, request: WebhookRequest) {
    this.#onOutcome = onOutcome
    this.#recorder = recorder
    this.#request = request
    this.#isHeard = onOutcome !== undefined || observer !== undefined || recorder !== undefined
    this.#startedAt = this.#isHeard ? performance.now() : 0
    this.#observed = observer && harmless(() => observer.begin())
    this.record = recorder?.record(request)
  }

  /** Notes facts; a later note replaces an earlier one of the same name. */
  note(facts: Notes): void {
    if (this.#isHeard) Object.assign(this.#notes, facts)
  }

  /** The handler's error, as far as it was noted. */
  get error(): Outcome['error'] {
    return this.#notes.error
  }

  /** Notes the bytes of the event, and those that arrived, which hold more where they are a list of events. */
  noteBody(body: Uint8Array, arrived: Uint8Array = body): void {
    this.#body = body
    if (this.record === undefined || this.record.body !== undefined) return
    this.record.body = arrived
    this.record.mark('arrived')
  }

  /** A step has ended. */
  end(step: ArrivalStepName): void {
    this.record?.mark(step)
  }

  /** Notes the payload whose credentials must not be in an error, and further names of fields that hold them. */
  notePayload(payload: unknown, credentials: readonly string[]): void {
    this.#payload = payload
    this.#credentials = credentials
  }

  /** The signature over the body is good, so that the outcome of a rejected delivery may offer it. */
  noteAuthentic(): void {
    this.#isAuthentic = true
  }

  /** The journal has this attempt already, or has no use for it. */
  noteRecorded(): void {
    this.#isRecorded = true
  }

  /** The journal began no run for the handler, so that no run will write this attempt. */
  noteNoRun(): void {
    this.#hasRun = false
  }

  enter(step: DeliveryStep): void {
    if (this.#observed !== undefined) harmless(() => this.#observed?.enter(step))
  }

  /** Leaves the handler's step, the first time it is called. */
  leave(): void {
    if (this.#observed === undefined || this.#hasLeft) return
    this.#hasLeft = true
    harmless(() => this.#observed?.leave())
  }

  run<T>(handler: () => T): T {
    return runObserved(this.#observed, handler)
  }

  /** The place in the observer's trace at which the delivery is. */
  get trace(): TraceContext | undefined {
    const observed = this.#observed
    return observed && harmless(() => observed.trace?.())
  }

  /** Whether `logOutcomes` has written the outcome. */
  get isLogged(): boolean {
    return this.#isLogged
  }

  /** Reports the outcome, the first time it is called. */
  report(kind: OutcomeKind, status: number): void {
    if (this.#isReported || !this.#isHeard) return
    this.#isReported = true
    this.#finishRecord(status)
    const durationMs = Math.round((performance.now() - this.#startedAt) * 10) / 10
    if (this.#recorder !== undefined) this.#record(this.#recorder, kind, status, durationMs)
    if (this.#onOutcome === undefined && this.#observed === undefined) return
    const { cause, error, ...printed } = this.#notes
    const body = this.#isAuthentic ? this.#body : undefined
    const hidden = cause === undefined ? { ...(error && { error }) } : new Outage(cause, error ?? this.#print(cause))
    const outcome = Object.assign(hidden, { kind, status, ...withoutUndefined(printed), durationMs })
    if (kind === 'rejected' && body !== undefined) Object.defineProperty(outcome, 'rawBody', { value: () => body })
    harmless(() => this.#onOutcome?.(outcome, this.#request.original))
    this.#isLogged = wasLogged(outcome)
    harmless(() => this.#observed?.end(outcome))
  }

  #finishRecord(status: number): void {
    if (this.record === undefined) return
    const { reading, secret, ageMs, issues, message } = this.#notes
    this.record.found = { status, reading, secret, ageMs, issues, message }
    this.record.mark('answered')
  }

  /** Notes the error with which the handler failed. */
  noteError(thrown: unknown): void {
    this.note({ error: this.#print(thrown) })
  }

  #print(thrown: unknown): PrintedError {
    return printedError(thrown, secretCutter(credentialsIn(this.#payload, this.#credentials)))
  }

  /** What began no run is noted in the journal after the answer; what is not authentic is kept as a refusal. */
  #record(recorder: Recorder, kind: OutcomeKind, status: number, durationMs: number): void {
    const { id, code, provider, error } = this.#notes
    if (this.#isRecorded || (this.#hasRun && WRITTEN_BY_RUNS.has(kind))) return
    if (id !== undefined && code !== 'hand_off_failed')
      recorder.note(id, { kind, status, code, durationMs, record: this.record }, error)
    // What is authentic and has no id is no event, and in no entry.
    if (code === undefined || (this.#isAuthentic && id !== undefined)) return
    const { method } = this.#request
    const headers = this.#request.headers?.() ?? {}
    recorder.refusals.add({ code, provider, method, headers, body: this.#body, record: this.record })
  }
}

/** The kinds of outcomes whose attempts the run of the journal writes. */
const WRITTEN_BY_RUNS: ReadonlySet<OutcomeKind> = new Set<OutcomeKind>(['handled', 'failed', 'queued', 'abandoned'])

/** Holds the error behind an outage, which may quote the payload, and what may be logged of it. */
class Outage {
  static {
    hideGetters(Outage)
  }

  readonly #cause: unknown
  readonly #error: PrintedError

  constructor(cause: unknown, error: PrintedError) {
    this.#cause = cause
    this.#error = error
  }

  get cause(): unknown {
    return this.#cause
  }

  get error(): PrintedError {
    return this.#error
  }
}

type Defined<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> }

function withoutUndefined<T extends object>(facts: T): Defined<T> {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)) as Defined<T>
}
