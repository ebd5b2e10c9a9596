import { setImmediate as nextTurn } from 'node:timers/promises'
import { type Broken, found } from './broken.js'

/** Stores that go wrong with the order of events. */
export const BROKEN_POSITIONS: Readonly<Record<string, Broken>> = {
  'has a position for everything': found('returns no position for an entity without handled events', (store) => ({
    position: async (entity, handled) => (await store.position(entity, handled)) ?? 0,
  })),
  'remembers seconds': found('remembers the position that was handled, to the millisecond', (store) => ({
    position: (entity, handled) =>
      store.position(entity, handled && { ...handled, at: Math.floor(handled.at / 1000) * 1000 }),
  })),
  'keeps the first position': found('raises the position when a newer one is handled', (store) => ({
    position: async (entity, handled) => (await store.position(entity)) ?? store.position(entity, handled),
  })),
  'keeps the last position': found('never lowers the position when an older one is handled', (store) => ({
    position: async (entity, handled) => {
      if (handled !== undefined) store.data.positions.delete(entity)
      return store.position(entity, handled)
    },
  })),
  'compares texts': found('compares positions as numbers, not as texts', (store) => ({
    position: async (entity, handled) => {
      const known = await store.position(entity)
      const isRaised = handled !== undefined && (known === undefined || String(handled.at) > String(known))
      if (isRaised) store.data.positions.delete(entity)
      return isRaised ? store.position(entity, handled) : known
    },
  })),
  'does not tell entities apart by case': found(
    'keeps the positions of entities apart, and apart from the keys of events',
    (store) => ({ position: (entity, handled) => store.position(entity.toLowerCase(), handled) }),
  ),
  'takes the retention of a position for tenths of milliseconds': found(
    'still remembers a position after a good part of its retention',
    (store) => ({
      position: (entity, handled) =>
        store.position(entity, handled && { ...handled, retentionMs: handled.retentionMs / 10 }),
    }),
  ),
  'forgets no position': found('forgets a position when its retention ends', (store) => ({
    position: (entity, handled) =>
      store.position(entity, handled && { ...handled, retentionMs: Number.MAX_SAFE_INTEGER }),
  })),
  'remembers no longer for an older event': found(
    'remembers a position longer when another is handled, even an older one',
    (store) => ({
      position: async (entity, handled) => {
        const known = await store.position(entity)
        return known !== undefined && handled !== undefined && handled.at < known
          ? known
          : store.position(entity, handled)
      },
    }),
  ),
  'keeps a position longer each time that it is read': found(
    'does not extend the retention of a position when it is read',
    (store) => ({
      position: async (entity, handled) => {
        const at = await store.position(entity, handled)
        const longer = { at: at ?? 0, retentionMs: 60_000 }
        return handled === undefined && at !== undefined ? store.position(entity, longer) : at
      },
    }),
  ),
  'reads a position, then raises it': found('keeps the newest of positions that are handled in parallel', (store) => ({
    position: async (entity, handled) => {
      const known = await store.position(entity)
      if (handled === undefined) return known
      await nextTurn()
      store.data.positions.delete(entity)
      return store.position(entity, { ...handled, at: Math.max(known ?? handled.at, handled.at) })
    },
  })),
  'cuts the names of entities at NUL': found('accepts the same unusual texts for entities as for keys', (store) => ({
    position: (entity, handled) => {
      if (entity.includes('\0')) throw new Error('invalid byte sequence for encoding "UTF8": 0x00')
      return store.position(entity, handled)
    },
  })),
}
