/**
 * Remembers which events are being handled and which were handled.
 *
 * The states of a key: absent → claimed (until its lease ends) → done (until its retention ends) → absent. A release
 * makes a claimed key absent.
 *
 * Every store promises:
 * - `claim` checks and sets in one atomic operation inside the store. Of any number of parallel claims of one key, from
 *   any number of processes, exactly one is granted.
 * - Times are lengths in milliseconds, measured by the store's own clock. The clocks of its clients do not matter.
 * - A token belongs to one granted claim. Once the key is granted to another holder, the old token changes nothing.
 * - If a lease ended and nobody took the key over, its token can still complete, release or extend the claim.
 * - A rejected promise means that the result is unknown: the operation may or may not have happened.
 *
 * A store does not promise any order among keys, or to keep a done key longer than its retention.
 *
 * Test your own store with `storeSuite` of `@mailbox-hooks/testing/suites`.
 */
export interface DedupStore {
  /**
   * Claims the right to handle the event with this key for `leaseMs` milliseconds. `about` is information for people who
   * read the store; it decides nothing.
   */
  claim(key: string, leaseMs: number, about: ClaimedEvent): Promise<Claim>

  /**
   * Marks the key as handled for `retentionMs` milliseconds. Resolves to false if the token no longer holds.
   *
   * `within` writes the mark in the caller's transaction. A store that cannot do that throws a `TypeError`. Within a
   * transaction, it throws if the token no longer holds, so that the transaction rolls back. If the transaction is
   * synchronous, everything happens before the call returns, including the error.
   */
  complete(key: string, token: string, retentionMs: number, options?: CompleteOptions): Promise<boolean>

  /**
   * Returns whether the mark of this token is visible to everybody. The receiver calls it after a `complete` within a
   * transaction, which may have been rolled back. A store that takes `within` must have this method.
   */
  isDone?(key: string, token: string): Promise<boolean>

  /** Drops the claim, so that the next delivery of the event is handled. Resolves to false if the token no longer holds. */
  release(key: string, token: string): Promise<boolean>

  /** Makes the lease end `leaseMs` milliseconds from now. Resolves to false if the token no longer holds. */
  extend(key: string, token: string, leaseMs: number): Promise<boolean>

  /**
   * Returns the newest handled position of an entity, or undefined if none is remembered. With `handled`, the position is
   * first raised to that one, never lowered, and then remembered for `retentionMs` milliseconds.
   *
   * A store without this method does not support `ordering: true`.
   */
  position?(entity: string, handled?: HandledPosition): Promise<number | undefined>

  /**
   * Resolves if the store answers. `receive.health()` calls it. Without this method it asks `position`, `isDone` or `release`
   * for a key that nobody has.
   */
  ping?(): Promise<unknown>
}

export type Claim =
  /** The caller may handle the event. `token` proves that to the other methods. */
  | { readonly status: 'claimed'; readonly token: string }
  /** Another holder handles the event right now. Its lease ends in `retryAfterMs` milliseconds if it dies. */
  | { readonly status: 'in-flight'; readonly retryAfterMs: number }
  /** The event was already handled. */
  | { readonly status: 'done' }

export interface ClaimedEvent {
  readonly provider: string
  readonly type: string
}

export interface CompleteOptions {
  /** The caller's transaction. Each store documents the kinds that it takes. */
  readonly within?: unknown
}

export interface HandledPosition {
  /** The time of the event as the provider gives it, in milliseconds since 1970. */
  readonly at: number
  readonly retentionMs: number
}
