import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Claim, DedupStore } from '@mailbox-hooks/core'

/**
 * A store that works, with one promise broken. `newest` is the token that was granted last for a key, in place of any
 * that was granted before.
 */
type Break = (store: DedupStore, newest: (key: string, token: string) => string) => Partial<DedupStore>

/** Stores with one mistake each. */
export const BREAKS: Record<string, Break> = {
  'lets a holder complete that was overtaken': (store, newest) => ({
    complete: (key, token, retentionMs) => store.complete(key, newest(key, token), retentionMs),
  }),

  'lets a holder release that was overtaken': (store, newest) => ({
    release: (key, token) => store.release(key, newest(key, token)),
  }),

  'lets a holder extend that was overtaken': (store, newest) => ({
    extend: (key, token, leaseMs) => store.extend(key, newest(key, token), leaseMs),
  }),

  'says that it has completed what it has not': (store) => ({
    complete: async (...args) => {
      await store.complete(...args)
      return true
    },
  }),

  'checks and sets in two steps': (store) => {
    const asking = new Map<string, Promise<Claim>>()
    return {
      claim: async (key, ...args) => {
        // Whoever asks while another is between its steps finds the key as that one has found it.
        const found = asking.get(key) ?? store.claim(key, ...args)
        asking.set(key, found)
        await nextTurn()
        asking.delete(key)
        return found
      },
    }
  },

  'grants a lease that has ended to two': (store) => {
    const granted = new Set<string>()
    return {
      claim: async (key, leaseMs, about) => {
        const claim = await store.claim(key, granted.has(key) ? 0 : leaseMs, about)
        if (claim.status === 'claimed') granted.add(key)
        return claim
      },
    }
  },

  'grants a key twice by the same token': (store) => {
    const tokens = new Map<string, string>()
    const real = (key: string, token: string) => (token === `token of ${key}` ? (tokens.get(key) ?? '') : token)
    return {
      claim: async (key, ...args) => {
        const claim = await store.claim(key, ...args)
        if (claim.status !== 'claimed') return claim
        tokens.set(key, claim.token)
        return { status: 'claimed', token: `token of ${key}` }
      },
      complete: (key, token, retentionMs) => store.complete(key, real(key, token), retentionMs),
      release: (key, token) => store.release(key, real(key, token)),
      extend: (key, token, leaseMs) => store.extend(key, real(key, token), leaseMs),
    }
  },

  'counts a lease from the last time somebody asked': (store, newest) => {
    const tokens = new Map<string, string>()
    return {
      claim: async (key, leaseMs, about) => {
        const claim = await store.claim(key, leaseMs, about)
        if (claim.status === 'claimed') tokens.set(key, claim.token)
        if (claim.status === 'in-flight') await store.extend(key, newest(key, tokens.get(key) ?? ''), leaseMs)
        return claim
      },
    }
  },

  'extends by a length of its own': (store) => ({
    extend: (key, token) => store.extend(key, token, 90_000),
  }),

  'forgets a handled event when its lease would have ended': (store) => {
    const leases = new Map<string, number>()
    return {
      claim: (key, leaseMs, about) => {
        leases.set(key, leaseMs)
        return store.claim(key, leaseMs, about)
      },
      complete: (key, token) => store.complete(key, token, leases.get(key) ?? 0),
    }
  },

  'keeps a released key until its lease ends': (store) => ({
    release: (key, token) => store.extend(key, token, 30_000),
  }),

  'takes two keys for one': (store) => {
    const only = (key: string) => key.replace(/.$/, '')
    return {
      claim: (key, ...args) => store.claim(only(key), ...args),
      complete: (key, ...args) => store.complete(only(key), ...args),
      release: (key, ...args) => store.release(only(key), ...args),
      extend: (key, ...args) => store.extend(only(key), ...args),
    }
  },
}

export function broken(store: DedupStore, breakIt: Break): DedupStore {
  const tokens = new Map<string, string[]>()
  const watched: DedupStore = {
    claim: async (key, ...args) => {
      const claim = await store.claim(key, ...args)
      if (claim.status === 'claimed') tokens.set(key, [...(tokens.get(key) ?? []), claim.token])
      return claim
    },
    complete: (...args) => store.complete(...args),
    release: (...args) => store.release(...args),
    extend: (...args) => store.extend(...args),
  }
  const newest = (key: string, token: string) => {
    const granted = tokens.get(key) ?? []
    return granted.includes(token) ? (granted.at(-1) ?? token) : token
  }
  return { ...watched, ...breakIt(watched, newest) }
}
