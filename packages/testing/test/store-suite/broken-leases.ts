import { type Broken, found, isRunning } from './broken.js'

/** Stores that go wrong with leases and their tokens. */
export const BROKEN_LEASES: Readonly<Record<string, Broken>> = {
  'cannot count fractions': found('accepts fractions of milliseconds', (store) => {
    const whole = (ms: number) => {
      if (!Number.isInteger(ms)) throw new RangeError(`${ms} is no integer`)
      return ms
    }
    return {
      claim: async (key, leaseMs) => store.claim(key, whole(leaseMs)),
      extend: async (key, token, ms) => store.extend(key, token, whole(ms)),
      complete: async (key, token, ms) => store.complete(key, token, whole(ms)),
    }
  }),
  'completes no lease that has ended': found('can still be completed', (store) => ({
    complete: async (key, token, ms) => isRunning(store, key) && store.complete(key, token, ms),
  })),
  'releases no lease that has ended': found('can still be released, once', (store) => ({
    release: async (key, token) => isRunning(store, key) && store.release(key, token),
  })),
  'extends no lease that has ended': found('can still be extended', (store) => ({
    extend: async (key, token, ms) => isRunning(store, key) && store.extend(key, token, ms),
  })),
  'lets any token extend': found('ignores the old token, and the new holder keeps the key', (store) => ({
    extend: async (key, token, ms) =>
      /^token-\d+$/.test(token) &&
      store.rowOf(key)?.state === 'claimed' &&
      store.extend(key, store.rowOf(key)!.token, ms),
  })),
  'gives a key whose lease has ended back to the old token': found(
    'still ignores the old token after the new lease has ended',
    (store) => ({
      release: async (key, token) =>
        (token !== '' &&
          !isRunning(store, key) &&
          store.rowOf(key)?.state === 'claimed' &&
          store.data.rows.delete(key)) ||
        store.release(key, token),
    }),
  ),
  'lets an old token complete a free key': found(
    'still ignores the old token after the new holder has released the key',
    (store) => ({
      complete: async (key, token, ms) =>
        store.rowOf(key) === undefined && /^token-\d+$/.test(token)
          ? store.put(key, { state: 'done', endsAt: store.data.nowMs + ms })
          : store.complete(key, token, ms),
    }),
  ),
  'lets an old token complete a done key again': found(
    'still ignores the old token after the new holder has completed the key',
    (store) => ({
      complete: async (key, token, ms) => store.rowOf(key)?.state === 'done' || store.complete(key, token, ms),
    }),
  ),
}
