import { type DedupStore, memoryStore } from '@mailbox-hooks/core'

/** A transaction of the handler, in memory. */
export class Transaction {
  readonly #marks: (() => Promise<boolean>)[] = []

  add(mark: () => Promise<boolean>): void {
    this.#marks.push(mark)
  }

  async commit(): Promise<void> {
    for (const mark of this.#marks) await mark()
  }
}

/** A store in memory that takes a mark within a `Transaction`. Some of its methods are replaced. */
export function transactionalStore(replaced: Partial<DedupStore> = {}): DedupStore {
  const memory = memoryStore()
  const committed = new Set<string>()
  return {
    claim: memory.claim.bind(memory),
    release: memory.release.bind(memory),
    extend: memory.extend.bind(memory),
    position: memory.position!.bind(memory),
    complete: async (key, token, retentionMs, options) => {
      if (options?.within === undefined) return memory.complete(key, token, retentionMs)
      if (!(options.within instanceof Transaction)) throw new TypeError('not a transaction')
      options.within.add(() => {
        committed.add(`${key} ${token}`)
        return memory.complete(key, token, retentionMs)
      })
      return true
    },
    isDone: async (key, token) => committed.has(`${key} ${token}`),
    ...replaced,
  }
}
