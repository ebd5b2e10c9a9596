import { checkedClock } from '../../options/checked-clock.js'
import { CLOCK, readOptions, WHOLE, type WithDefaults, withDefault } from '../../options/option-rules.js'
import type { Claim, DedupStore, HandledPosition } from '../dedup-store.js'
import { instantly } from '../instant-answer.js'
import { HandledKeys } from './handled-keys.js'
import { type Fingerprint, KeyedHash } from './keyed-hash.js'
import { RecentMap } from './recent-map.js'

export interface MemoryStoreOptions {
  /**
   * Limits the number of keys. A full store forgets the keys that were handled longest ago. Default 1,000,000, which take
   * 33 MB.
   */
  readonly maxKeys?: number
  /** Returns the current time, in milliseconds. Default `Date.now`. */
  readonly now?: () => number
}

interface Lease {
  readonly token: string
  readonly fingerprint: Fingerprint
  endsAt: number
}

interface Position {
  readonly at: number
  readonly forgetAt: number
}

/**
 * Creates a store in the memory of this process. Nothing survives a restart, and other processes do not see it. Use it for
 * development, tests, and single-process services whose handlers tolerate a repetition after a restart.
 *
 * A live claim is never dropped, so with more than `maxKeys` live claims the store exceeds the limit.
 *
 * Throws a `TypeError` for a wrong option.
 *
 * @example
 * webhooks({ providers, store: memoryStore({ maxKeys: 5_000_000 }) })
 */
export function memoryStore(options: MemoryStoreOptions = {}): DedupStore {
  const { maxKeys, now } = readOptions<WithDefaults<MemoryStoreOptions>>('memoryStore', options, RULES)
  return new MemoryStore(maxKeys, now)
}

const RULES = { maxKeys: withDefault(WHOLE, 1_000_000), now: CLOCK } as const

class MemoryStore implements DedupStore {
  /** Created on first use, because some runtimes have no random values while a module loads. */
  #hash: KeyedHash | undefined
  readonly #leases = new Map<string, Lease>()
  readonly #handled: HandledKeys
  readonly #positions: RecentMap<Position>
  readonly #maxKeys: number
  readonly #now: () => number
  #grants = 0
  #hasWarned = false

  constructor(maxKeys: number, now: () => number) {
    this.#maxKeys = maxKeys
    this.#now = checkedClock('memoryStore', now)
    this.#handled = new HandledKeys(maxKeys, () => this.#warn())
    this.#positions = new RecentMap(maxKeys)
  }

  claim(key: string, leaseMs: number): Promise<Claim> {
    return instantly(() => this.#claim(key, leaseMs))
  }

  #claim(key: string, leaseMs: number): Claim {
    const now = this.#now()
    this.#hash ??= new KeyedHash()
    const fingerprint = this.#hash.hash(key)
    if (this.#handled.has(fingerprint, now)) return { status: 'done' }
    const lease = this.#leases.get(key)
    if (lease !== undefined && lease.endsAt > now) return { status: 'in-flight', retryAfterMs: lease.endsAt - now }
    this.#makeRoom(now)
    // Only this process can present a token, so it may be easy to guess.
    const token = String(++this.#grants)
    if (lease !== undefined) this.#leases.delete(key)
    this.#leases.set(key, { token, fingerprint, endsAt: now + leaseMs })
    return { status: 'claimed', token }
  }

  complete(key: string, token: string, retentionMs: number, options?: { within?: unknown }): Promise<boolean> {
    if (options?.within === undefined) return instantly(() => this.#complete(key, token, retentionMs))
    return Promise.reject(new TypeError('memoryStore cannot join a transaction: call complete() without within'))
  }

  #complete(key: string, token: string, retentionMs: number): boolean {
    const lease = this.#leases.get(key)
    if (lease?.token !== token) return false
    this.#leases.delete(key)
    const now = this.#now()
    this.#handled.add(lease.fingerprint, now, now + retentionMs)
    return true
  }

  async release(key: string, token: string): Promise<boolean> {
    return this.#leases.get(key)?.token === token && this.#leases.delete(key)
  }

  async extend(key: string, token: string, leaseMs: number): Promise<boolean> {
    const lease = this.#leases.get(key)
    if (lease?.token !== token) return false
    lease.endsAt = this.#now() + leaseMs
    return true
  }

  async position(entity: string, handled?: HandledPosition): Promise<number | undefined> {
    const now = this.#now()
    const known = this.#positions.get(entity)
    const newest = known !== undefined && known.forgetAt > now ? known.at : undefined
    if (handled === undefined) return newest
    const at = newest === undefined ? handled.at : Math.max(newest, handled.at)
    this.#positions.set(entity, { at, forgetAt: now + handled.retentionMs })
    return at
  }

  /** Drops a claim whose lease has ended, otherwise the oldest handled key. Never drops a live claim. */
  #makeRoom(now: number): void {
    if (this.#leases.size + this.#handled.size < this.#maxKeys) return
    const [oldest] = this.#leases
    if (oldest !== undefined && oldest[1].endsAt <= now) this.#leases.delete(oldest[0])
    else this.#handled.dropOldest(now)
  }

  #warn(): void {
    if (this.#hasWarned) return
    this.#hasWarned = true
    process.emitWarning(
      `memoryStore is full: with more than ${this.#maxKeys} keys it forgets handled events before their retention ` +
        'ends, and their retries are then handled again. Raise maxKeys, or use a database store.',
      { code: 'MAILBOX_HOOKS_STORE_FULL' },
    )
  }
}
