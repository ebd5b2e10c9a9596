import type { Claim, DedupStore } from '@mailbox-hooks/core'
import { LRUCache } from 'lru-cache'

const DONE = 'done'

/** The store that one would write on lru-cache: the same contract, as short as it can be. */
export function lruStore(max: number): DedupStore {
  const cache = new LRUCache<string, string>({ max, ttl: 1 })
  let grants = 0
  const holds = (key: string, token: string) => cache.get(key) === token
  return {
    async claim(key, leaseMs): Promise<Claim> {
      const held = cache.get(key)
      if (held === DONE) return { status: 'done' }
      if (held !== undefined) return { status: 'in-flight', retryAfterMs: cache.getRemainingTTL(key) }
      const token = String(++grants)
      cache.set(key, token, { ttl: leaseMs })
      return { status: 'claimed', token }
    },
    async complete(key, token, retentionMs) {
      if (!holds(key, token)) return false
      cache.set(key, DONE, { ttl: retentionMs })
      return true
    },
    release: async (key, token) => holds(key, token) && cache.delete(key),
    extend: async (key, token, leaseMs) => holds(key, token) && cache.set(key, token, { ttl: leaseMs }) !== undefined,
  }
}

/** And on a Map, without a limit. */
export function mapStore(): DedupStore {
  const map = new Map<string, { token: string; until: number }>()
  let grants = 0
  const holds = (key: string, token: string) => map.get(key)?.token === token
  const set = (key: string, token: string, ms: number) => map.set(key, { token, until: Date.now() + ms }) !== undefined
  return {
    async claim(key, leaseMs): Promise<Claim> {
      const held = map.get(key)
      const leftMs = held === undefined ? 0 : held.until - Date.now()
      if (leftMs > 0) return held?.token === DONE ? { status: 'done' } : { status: 'in-flight', retryAfterMs: leftMs }
      const token = String(++grants)
      set(key, token, leaseMs)
      return { status: 'claimed', token }
    },
    complete: async (key, token, retentionMs) => holds(key, token) && set(key, DONE, retentionMs),
    release: async (key, token) => holds(key, token) && map.delete(key),
    extend: async (key, token, leaseMs) => holds(key, token) && set(key, token, leaseMs),
  }
}
