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
  #isTimed = false

  /** `release` gives a key back if the token holds it. */
  constructor(release: (claim: LostClaim) => Promise<boolean>) {
    this.#release = release
  }

  add(claim: LostClaim): void {
    const now = performance.now()
    const [oldest] = this.#entries.keys()
    if (this.#entries.size >= LIMIT && oldest !== undefined) this.#entries.delete(oldest)
    this.#entries.set(claim.token, { claim, nextLookAt: now, misses: 0, endsAt: now + 2 * claim.leaseMs })
    this.#lookLater(claim)
  }

  /** Looks for those that are due. To be called when the store has answered. */
  look(): void {
    const now = performance.now()
    for (const [token, entry] of this.#entries) {
      if (entry.nextLookAt > now) continue
      this.#entries.delete(token)
      this.#giveBack(entry)
    }
  }

  async #giveBack(entry: Entry): Promise<void> {
    const { claim } = entry
    try {
      if (await this.#release(claim)) return
      entry.misses += 1
      entry.nextLookAt = performance.now() + claim.leaseMs / 2
    } catch {
      // The store is still out of reach.
      entry.nextLookAt = performance.now() + claim.leaseMs / 10
    }
    if (entry.misses === MISSES || performance.now() > entry.endsAt) return
    this.#entries.set(claim.token, entry)
    this.#lookLater(claim)
  }

  /** Looks by itself, where no other call of the store is answered. */
  #lookLater({ leaseMs }: LostClaim): void {
    if (this.#isTimed) return
    this.#isTimed = true
    this.#timeouts.start(leaseMs / 10, () => {
      this.#isTimed = false
      this.look()
      const [entry] = this.#entries.values()
      if (entry !== undefined) this.#lookLater(entry.claim)
    })
  }
}
