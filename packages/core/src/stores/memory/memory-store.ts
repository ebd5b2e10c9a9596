import { checkedClock } from '../../options/checked-clock.js'
import { CLOCK, readOptions, WHOLE, type WithDefaults, withDefault } from '../../options/option-rules.js'
import type { Claim, DedupStore, HandledPosition } from '../dedup-store.js'
import { instantly } from '../instant-answer.js'
import { KeyTable, NONE } from './key-table.js'
import { type Fingerprint, KeyedHash } from './keyed-hash.js'
import { RecentMap } from './recent-map.js'

export interface MemoryStoreOptions {
  /**
   * Limits the number of keys. A full store forgets the keys that were claimed longest ago. Default 1,000,000, which take
   * 37 MB.
   */
  readonly maxKeys?: number
  /** Returns the current time, in milliseconds. Default `Date.now`. */
  readonly now?: () => number
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

/** The table of keys holds a claim as a positive number of 32 bits. After the last one they begin again. */
const MAX_GRANTS = 2 ** 31 - 1

const RULES = { maxKeys: withDefault(WHOLE, 1_000_000), now: CLOCK } as const

class MemoryStore implements DedupStore {
  /** Created on first use, because some runtimes have no random values while a module loads. */
  #hash: KeyedHash | undefined
  readonly #keys: KeyTable
  readonly #positions: RecentMap<Position>
  readonly #now: () => number
  #grants = 0
  #hasWarned = false

  constructor(maxKeys: number, now: () => number) {
    this.#now = checkedClock('memoryStore', now)
    this.#keys = new KeyTable(maxKeys, () => this.#warn(maxKeys))
    this.#positions = new RecentMap(maxKeys)
  }

  claim(key: string, leaseMs: number): Promise<Claim> {
    return instantly(() => this.#claim(key, leaseMs))
  }

  #claim(key: string, leaseMs: number): Claim {
    const keys = this.#keys
    const now = this.#now()
    const fingerprint = this.#fingerprintOf(key)
    const known = keys.find(fingerprint)
    if (known !== NONE) {
      const leftMs = keys.untilOf(known) - now
      if (leftMs > 0) return keys.isHandled(known) ? { status: 'done' } : { status: 'in-flight', retryAfterMs: leftMs }
      keys.forget(known)
    }
    this.#grants = (this.#grants % MAX_GRANTS) + 1
    keys.add(fingerprint, this.#grants, now + leaseMs, now)
    // Only this process can present a token, so it may be easy to guess.
    return { status: 'claimed', token: String(this.#grants) }
  }

  complete(key: string, token: string, retentionMs: number, options?: { within?: unknown }): Promise<boolean> {
    if (options?.within === undefined) return instantly(() => this.#complete(key, token, retentionMs))
    return Promise.reject(new TypeError('memoryStore cannot join a transaction: call complete() without within'))
  }

  #complete(key: string, token: string, retentionMs: number): boolean {
    const entry = this.#findHeld(key, token)
    if (entry === NONE) return false
    this.#keys.handle(entry, this.#now() + retentionMs)
    return true
  }

  async release(key: string, token: string): Promise<boolean> {
    const entry = this.#findHeld(key, token)
    if (entry === NONE) return false
    this.#keys.remove(entry)
    return true
  }

  async extend(key: string, token: string, leaseMs: number): Promise<boolean> {
    const entry = this.#findHeld(key, token)
    if (entry === NONE) return false
    this.#keys.extend(entry, this.#now() + leaseMs)
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

  /** Returns the entry of a key that is held by this token, whether or not its lease has ended, or `NONE`. */
  #findHeld(key: string, token: string): number {
    const entry = this.#keys.find(this.#fingerprintOf(key))
    return entry !== NONE && !this.#keys.isHandled(entry) && String(this.#keys.holderOf(entry)) === token ? entry : NONE
  }

  #fingerprintOf(key: string): Fingerprint {
    this.#hash ??= new KeyedHash()
    return this.#hash.hash(key)
  }

  #warn(maxKeys: number): void {
    if (this.#hasWarned) return
    this.#hasWarned = true
    process.emitWarning(
      `memoryStore is full: with more than ${maxKeys} keys it forgets handled events before their retention ` +
        'ends, and their retries are then handled again. Raise maxKeys, or use a database store.',
      { code: 'MAILBOX_HOOKS_STORE_FULL' },
    )
  }
}
