import type { ClaimLock } from '../claim/claim-lock.js'
import type { CompleteOptions } from '../stores/dedup-store.js'
import type { ArrivalRecord } from './arrival.js'
import type { GuardedJournalStore } from './guarded-journal-store.js'
import type { AttemptSource, Ending, NewAttempt } from './journal-store.js'

/** A run of an entry, as it was begun. */
export interface BegunRun {
  readonly namespace: string
  readonly keyHash: string
  readonly hash: string
  readonly token: string
  readonly number: number
  readonly source: AttemptSource
  /** What becomes of the entry when the handler fails. */
  readonly onFailure: Pick<Ending, 'state' | 'next'>
  readonly record?: ArrivalRecord | undefined
}

/** How the handler ended, as far as it is known. */
export interface HandlerEnd {
  readonly status: number
  readonly code?: string | undefined
  /** Sealed. */
  readonly error?: Uint8Array | undefined
  readonly keyId: string
}

/**
 * A run of an entry from its beginning to its end. As a lock it marks the entry as handled or as failed; the attempt is
 * written by the same statement where the handler's end is known by then, and afterwards where it is not.
 */
export class EntryRun implements ClaimLock {
  readonly #store: GuardedJournalStore
  readonly #run: BegunRun
  readonly #startedAt = performance.now()
  #end: HandlerEnd | undefined
  #isWritten = false
  #failure: BegunRun['onFailure']
  #success: Pick<Ending, 'state' | 'next'> = { state: 'handled', next: 'never' }

  constructor(store: GuardedJournalStore, run: BegunRun) {
    this.#store = store
    this.#run = run
    this.#failure = run.onFailure
  }

  /** To be called before the claim is settled. */
  describe(end: HandlerEnd): void {
    this.#end = end
  }

  /** What success makes of the entry. Default `handled`. */
  succeedAs(state: Ending['state'], next: Ending['next']): void {
    this.#success = { state, next }
  }

  /** What a failure makes of the entry. Default: as the run was begun. */
  failAs(state: Ending['state'], next: Ending['next']): void {
    this.#failure = { state, next }
  }

  complete(): Promise<boolean> {
    const { state, next } = this.#success
    return this.#finish({ state, next, attempt: this.#attempt(state === 'queued' ? 'queued' : 'handled') })
  }

  completeWithin({ within }: CompleteOptions): Promise<boolean> {
    return this.#store.finishWithin(within, this.#run.hash, this.#run.token)
  }

  isDone(): Promise<boolean> {
    return this.#store.isHandled(this.#run.hash, this.#run.token)
  }

  release(): Promise<boolean> {
    const kind = this.#failure.state === 'dead' ? 'dead' : 'failed'
    return this.#finish({ ...this.#failure, attempt: this.#attempt(kind) })
  }

  extend(leaseMs: number): Promise<boolean> {
    return this.#store.extend(this.#run.hash, this.#run.token, leaseMs)
  }

  /** Writes the attempt where no statement did so far: the handler decided before it ended. Never rejects. */
  async close(kind: string): Promise<void> {
    const attempt = this.#attempt(kind)
    if (this.#isWritten || attempt === undefined) return
    this.#isWritten = true
    await this.#store.note(this.#run, attempt).catch(() => undefined)
  }

  async #finish(ending: Ending): Promise<boolean> {
    const isFinished = await this.#store.finish(this.#run.hash, this.#run.token, ending)
    if (isFinished && ending.attempt !== undefined) this.#isWritten = true
    return isFinished
  }

  #attempt(kind: string): NewAttempt | undefined {
    if (this.#end === undefined) return undefined
    const { number, source, record } = this.#run
    const { status, code, error, keyId } = this.#end
    const durationMs = performance.now() - this.#startedAt
    return { number, source, kind, status, code, durationMs, error, keyId, record }
  }
}
