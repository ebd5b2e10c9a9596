import type { DedupStore } from '@mailbox-hooks/core'
import type { Danger } from './kill-points.js'
import type { Ledger } from './ledger.js'

/** Notes what the store says, and dies around its marks. */
export function watchedStore(store: DedupStore, ledger: Ledger, danger: Danger): DedupStore {
  return {
    claim: async (key, ...args) => {
      const claim = await store.claim(key, ...args)
      if (claim.status === 'claimed') danger.enter(key)
      return claim
    },

    complete: async (key, token, retentionMs, options) => {
      // In a transaction of the handler's, the handler knows when the mark is made.
      if (options?.within !== undefined) return store.complete(key, token, retentionMs, options)
      danger.pass('between handler and mark', key)
      try {
        const isMarked = await store.complete(key, token, retentionMs)
        ledger.note({ what: isMarked ? 'marked' : 'lost', id: key })
        danger.leave(key)
        if (isMarked) danger.pass('between mark and answer', key)
        return isMarked
      } catch (error) {
        ledger.note({ what: 'unknown', id: key })
        danger.leave(key)
        throw error
      }
    },

    release: async (key, token) => {
      try {
        return await store.release(key, token)
      } finally {
        danger.leave(key)
      }
    },

    extend: (...args) => store.extend(...args),
    isDone: async (...args) => (await store.isDone?.(...args)) ?? false,
  }
}
