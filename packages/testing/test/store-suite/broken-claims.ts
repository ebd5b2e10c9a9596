import { setImmediate as nextTurn } from 'node:timers/promises'
import { type Broken, found, keyed, racing } from './broken.js'
import { inFlight } from './reference-store.js'

/** Stores that go wrong when a key is claimed and settled, by one or by many at once. */
export const BROKEN_CLAIMS: Readonly<Record<string, Broken>> = {
  'adds fields to a claim': found('grants an unclaimed key', (store) => ({
    claim: async (key, leaseMs) => ({ ...(await store.claim(key, leaseMs)), key }),
  })),
  'tells the length of the new lease for that of the held one': found(
    'answers in-flight with the remaining lease while the key is held',
    (store) => ({
      claim: async (key, leaseMs) => {
        const claim = await store.claim(key, leaseMs)
        return claim.status === 'in-flight' ? inFlight(leaseMs) : claim
      },
    }),
  ),
  'lets only the connection that claimed complete': found('answers the same to another connection', (store) => ({
    complete: async (key, token, ms) =>
      store.rowOf(key)?.by === store.connection && (await store.complete(key, token, ms)),
  })),
  'makes the token of the key': found('gives every grant its own token', (store) => ({
    claim: async (key, leaseMs) => {
      const claim = await store.claim(key, leaseMs)
      if (claim.status !== 'claimed') return claim
      store.put(key, { token: key })
      return { status: 'claimed', token: key }
    },
  })),
  'looks at one part of the key': found(
    'grants a key independently of other keys',
    keyed((key) => key.replace(/evt_\d+$/, 'evt')),
  ),
  'forgets that a key is done when it is asked': found('answers done for each claim of a completed key', (store) => ({
    claim: async (key, leaseMs) => {
      const claim = await store.claim(key, leaseMs)
      if (claim.status === 'done') store.data.rows.delete(key)
      return claim
    },
  })),
  'keeps a done key as long as its lease': found(
    'remembers a done key longer than the lease under which it was claimed',
    (store) => ({
      complete: async (key, token) => store.holds(key, token) && store.put(key, { state: 'done' }),
    }),
  ),
  'takes a retention for tenths of milliseconds': found(
    'still remembers a done key after a good part of its retention',
    (store) => ({ complete: (key, token, ms) => store.complete(key, token, ms / 10) }),
  ),
  'never forgets': found('forgets a done key when its retention ends, and grants it again', (store) => ({
    complete: (key, token) => store.complete(key, token, Number.MAX_SAFE_INTEGER),
  })),
  'keeps a done key longer each time that it is asked': found(
    'does not extend the retention of a done key when it is claimed',
    (store) => ({
      claim: async (key, leaseMs) => {
        const claim = await store.claim(key, leaseMs)
        if (claim.status === 'done') store.put(key, { endsAt: store.data.nowMs + leaseMs })
        return claim
      },
    }),
  ),
  'leaves a released key to its lease': found('grants a released key at once', (store) => ({
    release: async (key, token) => store.holds(key, token) && store.put(key, { token: 'nobody' }),
  })),
  'lets the token of a done key release it': found('keeps a done key when its token is used again', (store) => ({
    release: async (key, token) => store.rowOf(key)?.token === token && store.data.rows.delete(key),
  })),
  'lets a token complete what it released': found('keeps a released key free when its token is used again', (store) => {
    const released = new Set<string>()
    return {
      release: async (key, token) => {
        const isReleased = await store.release(key, token)
        if (isReleased) released.add(token)
        return isReleased
      },
      complete: async (key, token, ms) =>
        released.has(token) && store.rowOf(key) === undefined
          ? store.put(key, { state: 'done', endsAt: store.data.nowMs + ms })
          : store.complete(key, token, ms),
    }
  }),
  'marks what was never claimed': found(
    'refuses a token for a key that was never claimed, and the token of another key',
    (store) => ({
      complete: async (key, token, ms) =>
        store.rowOf(key) === undefined && token === `token-${store.data.grants}` && store.data.grants > 0
          ? store.put(key, { state: 'done', endsAt: store.data.nowMs + ms })
          : store.complete(key, token, ms),
    }),
  ),
  'takes the beginning of a token for it': found(
    'refuses a token that it never granted, and the holder keeps the key',
    (store) => ({
      complete: async (key, token, ms) => {
        const row = store.rowOf(key)
        return token !== '' && row?.token.startsWith(token) ? store.complete(key, row.token, ms) : false
      },
    }),
  ),
  'never ends a lease': found('grants the key to the next claim after the lease has ended', (store) => ({
    claim: (key) => store.claim(key, Number.MAX_SAFE_INTEGER),
  })),
  'starts the lease anew for each claim': found(
    'ends a lease on time although others claim the key meanwhile',
    (store) => ({
      claim: async (key, leaseMs) => {
        const claim = await store.claim(key, leaseMs)
        if (claim.status === 'in-flight') store.put(key, { endsAt: store.data.nowMs + leaseMs })
        return claim
      },
    }),
  ),
  'extends nothing': found('lets a lease end later when it is extended', (store) => ({
    extend: async (key, token) => store.holds(key, token),
  })),
  'never shortens a lease': found(
    'lets a lease end earlier when it is extended by less than its remaining time',
    (store) => ({
      extend: async (key, token, ms) =>
        store.holds(key, token) &&
        store.put(key, { endsAt: Math.max(store.rowOf(key)!.endsAt, store.data.nowMs + ms) }),
    }),
  ),
  'reads, then writes': found(
    'grants one of 50 parallel claims of a key, each on its own connection',
    racing((row) => row === undefined),
  ),
  'reads, then writes a key that it has held before': found(
    'grants one of many parallel claims of a key whose lease has ended',
    racing((row) => row?.state === 'claimed'),
  ),
  'reads, then writes a key that was done': found(
    'grants one of many parallel claims of a key whose retention has ended',
    racing((row) => row?.state === 'done'),
  ),
  'looks at the token, then settles': found('settles a key once for parallel attempts', (store) => ({
    complete: async (key, token, ms) => {
      if (!store.holds(key, token)) return false
      await nextTurn()
      return store.put(key, { state: 'done', endsAt: store.data.nowMs + ms })
    },
  })),
  'mixes up connections under load': found(
    'grants each of 100 keys once in 1,000 claims at once',
    racing((row, store) => row === undefined && store.data.rows.size > 50),
  ),
  'gives a released key to everybody who asks in that turn': found(
    'never grants a key to two holders while it is claimed and released',
    (store) => ({
      claim: async (key, leaseMs) => {
        const row = store.rowOf(key)
        const isBusy = store.data.connections > 8 && store.data.grants % 7 === 6 && row?.by !== store.connection
        return isBusy && row?.state === 'claimed' ? store.grant(key, leaseMs) : store.claim(key, leaseMs)
      },
    }),
  ),
}
