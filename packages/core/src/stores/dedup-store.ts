/**
 * Where a receiver remembers which events are being handled and which have been.
 *
 * The life of a key: absent → claimed (until its lease ends) → done (until its retention ends) → absent. A release
 * makes a claimed key absent.
 *
 * What every store promises:
 * - `claim` checks and sets in one atomic operation inside the store: of any number of parallel claims of one key,
 *   from any number of processes, one is granted.
 * - Times are lengths in milliseconds, measured by the store's own clock; the clocks of its clients do not matter.
 * - A token belongs to one granted claim. Once somebody else has been granted the key, the old token changes nothing.
 * - A lease that has ended but that nobody took over can still be completed, released or extended by its token.
 * - A rejected promise means that the outcome is not known: the operation may or may not have happened.
 *
 * What it does not promise: order between keys, or that a done key survives longer than its retention.
 *
 * `storeSuite` of `@mailbox-hooks/testing/suites` proves a store of your own.
 */
export interface DedupStore {
  /**
   * Asks for the right to handle the event with this key for `leaseMs` milliseconds.
   * `about` is for the people who look into the store; it decides nothing.
   */
  claim(key: string, leaseMs: number, about: ClaimedEvent): Promise<Claim>

  /**
   * Marks the key as handled and remembers that for `retentionMs` milliseconds. False when the token no longer holds.
   *
   * `within` puts the mark into the caller's own transaction, where a store can do that; others throw a `TypeError`.
   * There, a token that no longer holds is an error, so that the transaction rolls back; and where the transaction knows
   * no promises, all of it happens, the error included, before the call returns.
   */
  complete(key: string, token: string, retentionMs: number, options?: CompleteOptions): Promise<boolean>

  /**
   * Whether this token's mark is there for everybody to see: asked after a `complete` within a transaction, which may
   * have been rolled back. A store that takes `within` has this method.
   */
  isDone?(key: string, token: string): Promise<boolean>

  /** Gives the key back, so that the next delivery of the event is handled. False when the token no longer holds. */
  release(key: string, token: string): Promise<boolean>

  /** Makes the lease end `leaseMs` milliseconds from now. False when the token no longer holds. */
  extend(key: string, token: string, leaseMs: number): Promise<boolean>

  /**
   * The newest position handled for an entity, undefined when none is remembered. With `handled` it is raised to that
   * position first, never lowered, and remembered for `retentionMs` milliseconds more.
   *
   * A store without this method cannot serve `ordering: true`.
   */
  position?(entity: string, handled?: HandledPosition): Promise<number | undefined>
}

export type Claim =
  /** The caller handles the event; `token` proves that to the other methods. */
  | { readonly status: 'claimed'; readonly token: string }
  /** Somebody else handles it right now; their lease ends in `retryAfterMs` milliseconds if they die. */
  | { readonly status: 'in-flight'; readonly retryAfterMs: number }
  /** It has been handled. */
  | { readonly status: 'done' }

export interface ClaimedEvent {
  readonly provider: string
  readonly type: string
}

export interface CompleteOptions {
  /** A transaction of the caller's; which kinds a store takes is written at the store. */
  readonly within?: unknown
}

export interface HandledPosition {
  /** Milliseconds since 1970, as the provider says. */
  readonly at: number
  readonly retentionMs: number
}
