import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Breakage } from './reference-store.js'

export interface Broken {
  readonly breakage: Breakage
  /** The name of a check that fails then. */
  readonly foundBy: string
}

export const found = (foundBy: string, breakage: Breakage): Broken => ({ breakage, foundBy })

type Store = Parameters<Breakage>[0]
type Row = ReturnType<Store['rowOf']>

/** A claim that looks whether a key is free, and takes it a turn of the event loop later. */
export const racing =
  (isRacing: (row: Row, store: Store) => boolean): Breakage =>
  (store) => ({
    claim: async (key, leaseMs) => {
      const row = store.rowOf(key)
      const isFree = row === undefined || row.endsAt <= store.data.nowMs
      if (!isFree || !isRacing(row, store)) return store.claim(key, leaseMs)
      await nextTurn()
      return store.grant(key, leaseMs)
    },
  })

/** Its keys are changed before anything else, so that some are the same. */
export const keyed =
  (change: (key: string) => string): Breakage =>
  (store) => ({
    claim: (key, leaseMs) => store.claim(change(key), leaseMs),
    complete: (key, token, ms) => store.complete(change(key), token, ms),
    release: (key, token) => store.release(change(key), token),
    extend: (key, token, ms) => store.extend(change(key), token, ms),
  })

export function isRunning(store: Store, key: string): boolean {
  const row = store.rowOf(key)
  return row !== undefined && row.endsAt > store.data.nowMs
}
