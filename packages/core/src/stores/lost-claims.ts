import { Timeouts } from '../timeouts.js'

/** A claim that failed for its caller, and may have been granted all the same. */
export interface LostClaim {
  readonly key: string
  readonly token: string
  readonly leaseMs: number
}

interface Entry {
  readonly claim: LostClaim
  /** When to look for it, in the time of `performance.now()`. */
  nextLookAt: number
  /** Looks that found the key not held by the token. */
  misses: number
  readonly endsAt: number
}

/** The claim may be granted after the first look. By the second one the server has run what it had. */
const MISSES = 2

/** Timers may act this much too early. */
const TIMER_STEP_MS = 1

/** An outage under load fails many claims. The oldest are forgotten first, and their leases end by themselves. */
const LIMIT = 10_000

/**
 * Gives back claims that failed for their callers, because their outcome is unknown: a server may run a statement after
 * its client has gone, or an answer may be lost. Otherwise their leases would keep retries waiting.
 */
export class LostClaims {
  readonly #release: (claim: LostClaim) => Promise<boolean>
  readonly #timeouts = new Timeouts()
  readonly #entries = new Map<string, Entry>()

  /** `release` gives a key back if the token holds it. */
  constructor(release: (claim: LostClaim) => Promise<boolean>) {
    this.#release = release
  }

  add(claim: LostClaim): void {
    const now = performance.now()
    const [oldest] = this.#entries.keys()
    if (this.#entries.size >= LIMIT && oldest !== undefined) this.#entries.delete(oldest)
    const entry = { claim, nextLookAt: now, misses: 0, endsAt: now + 2 * claim.leaseMs }
    this.#entries.set(claim.token, entry)
    this.#lookLater(entry, claim.leaseMs / 10)
  }

  /** Looks for those that are due. To be called when the store has answered. */
  look(): void {
    const now = performance.now()
    for (const entry of this.#entries.values()) this.#lookFor(entry, now)
  }

  #lookFor(entry: Entry, now: number): void {
    if (entry.nextLookAt > now + TIMER_STEP_MS) return
    this.#entries.delete(entry.claim.token)
    this.#giveBack(entry)
  }

  async #giveBack(entry: Entry): Promise<void> {
    const { claim } = entry
    // The time until the next look, if the store is still out of reach.
    let againInMs = claim.leaseMs / 10
    try {
      if (await this.#release(claim)) return
      entry.misses += 1
      againInMs = claim.leaseMs / 2
    } catch {}
    if (entry.misses === MISSES || performance.now() > entry.endsAt) return
    entry.nextLookAt = performance.now() + againInMs
    this.#entries.set(claim.token, entry)
    this.#lookLater(entry, againInMs)
  }

  /**
   * Looks by itself, where no other call of the store is answered. Each claim has a timer of its own, because on Cloudflare
   * Workers a timer ends with the request that set it.
   */
  #lookLater(entry: Entry, ms: number): void {
    this.#timeouts.start(ms, () => {
      if (this.#entries.has(entry.claim.token)) this.#lookFor(entry, performance.now())
    })
  }
}
