import type { JournalStore } from '@mailbox-hooks/core/journal'
import type { UserTransaction } from '../../src/suites.js'

/** Longer than any test takes. */
const LONG_MS = 60_000

/** Gives a store in memory transactions of the user's, whose marks count when they commit. */
export function withTransactions(store: JournalStore): {
  readonly store: JournalStore
  begin(): Promise<UserTransaction>
} {
  /** The marks that each transaction writes: tokens by the hashes of entries. */
  const open = new Map<unknown, Map<string, string>>()
  const committed = new Map<string, string>()

  return {
    store: {
      ...bound(store),
      async finishWithin(within, hash, token) {
        const marks = open.get(within)
        if (marks === undefined) throw new TypeError('complete({ within }): pass an open transaction')
        if (!(await store.extend(hash, token, LONG_MS))) throw new Error('The token does not hold.')
        marks.set(hash, token)
        return true
      },
      isHandled: async (hash, token) => committed.get(hash) === token,
    },
    async begin() {
      const within = {}
      const marks = new Map<string, string>()
      open.set(within, marks)
      const commit = async () => {
        open.delete(within)
        for (const [hash, token] of marks) {
          if (await store.finish(hash, token, { state: 'handled', next: 'never' })) committed.set(hash, token)
        }
      }
      const rollback = async () => void open.delete(within)
      return { within, commit, rollback }
    },
  }
}

/** Its methods, which are on its prototype. */
const bound = (store: JournalStore): JournalStore =>
  new Proxy(store, {
    get: (_, method) => (Reflect.get(store, method) as (() => unknown) | undefined)?.bind(store),
    ownKeys: () => Object.getOwnPropertyNames(Object.getPrototypeOf(store)),
    getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }),
  })
