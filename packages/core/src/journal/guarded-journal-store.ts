import { inTime } from '../claim/in-time.js'
import { journalUnavailable } from '../errors.js'
import type { Timeouts } from '../timeouts.js'
import type { Begun, Ending, JournalStore, NewAttempt, NewEntry } from './journal-store.js'

/**
 * The methods that a delivery waits for: each ends within `timeoutMs`, and fails with `journal_unavailable`. Without a time, the
 * store is in this process, and answers at once.
 */
export class GuardedJournalStore {
  readonly #store: JournalStore
  readonly #timeoutMs: number | undefined
  readonly #timeouts: Timeouts

  constructor(store: JournalStore, timeoutMs: number | undefined, timeouts: Timeouts) {
    this.#store = store
    this.#timeoutMs = timeoutMs
    this.#timeouts = timeouts
  }

  /** A run that begins after its time is given back at once: nobody waits for it any more. */
  begin(entry: NewEntry, lateEnding: Ending): Promise<Begun> {
    return this.#guard(
      () => this.#store.begin(entry),
      (late) => {
        if (late.status !== 'begun' || entry.as !== 'received') return undefined
        return this.#store.finish(late.hash, entry.token, lateEnding)
      },
    )
  }

  /** Waits for something else of the database, such as the journal's id. */
  ready<T>(call: () => Promise<T>): Promise<T> {
    return this.#guard(call)
  }

  extend(hash: string, token: string, leaseMs: number): Promise<boolean> {
    return this.#guard(() => this.#store.extend(hash, token, leaseMs))
  }

  finish(hash: string, token: string, ending: Ending): Promise<boolean> {
    return this.#guard(() => this.#store.finish(hash, token, ending))
  }

  isHandled(hash: string, token: string): Promise<boolean> {
    return this.#guard(async () => (await this.#store.isHandled?.(hash, token)) ?? false)
  }

  note(entry: { namespace: string; keyHash: string }, attempt: NewAttempt): Promise<void> {
    return this.#guard(() => this.#store.note(entry, attempt))
  }

  /** Not guarded: in the handler's transaction, the time and the errors are the handler's. */
  finishWithin(within: unknown, hash: string, token: string): Promise<true> {
    if (this.#store.finishWithin === undefined) {
      throw new TypeError('complete({ within }): this journal cannot join a transaction; use a SQL journal')
    }
    return this.#store.finishWithin(within, hash, token)
  }

  #guard<T>(call: () => Promise<T>, undoLate?: (late: T) => unknown): Promise<T> {
    const [timeouts, timeoutMs] = [this.#timeouts, this.#timeoutMs]
    if (timeoutMs === undefined) return call()
    return inTime(call, { timeouts, timeoutMs, subject: 'The journal', unavailable: journalUnavailable }, undoLate)
  }
}
