import { assert, beforeEach, expect, it } from 'vitest'
import { type Bench, granted, LONG_MS, SHORT_MS, statusOf } from './fixture.js'

const ENTITY = 'openmail:inbox_1'
const NOON = Date.UTC(2026, 0, 31, 12)

export function orderTests(bench: Bench): void {
  beforeEach(() => {
    assert(bench.store.position !== undefined, 'the store has a method position')
  })

  /** Returns the newest position, first raised to `at` if given. */
  const position = async (entity: string, at?: number, retentionMs = LONG_MS) =>
    bench.store.position?.(entity, at === undefined ? undefined : { at, retentionMs })

  it('returns no position for an entity without handled events', async () => {
    expect(await position(ENTITY)).toBeUndefined()
  })

  it('remembers the position that was handled, to the millisecond', async () => {
    expect(await position(ENTITY, NOON + 123)).toBe(NOON + 123)
    expect(await position(ENTITY)).toBe(NOON + 123)
  })

  it('raises the position when a newer one is handled', async () => {
    await position(ENTITY, NOON)
    expect(await position(ENTITY, NOON + 1)).toBe(NOON + 1)
    expect(await position(ENTITY)).toBe(NOON + 1)
  })

  it('never lowers the position when an older one is handled', async () => {
    await position(ENTITY, NOON)
    expect(await position(ENTITY, NOON - 1)).toBe(NOON)
    expect(await position(ENTITY)).toBe(NOON)
  })

  it('compares positions as numbers, not as texts', async () => {
    await position(ENTITY, 999)
    expect(await position(ENTITY, 1000)).toBe(1000)
    expect(await position(ENTITY, 999)).toBe(1000)
    await position('openmail:inbox_2', -2)
    expect(await position('openmail:inbox_2', -1)).toBe(-1)
  })

  it('keeps the positions of entities apart, and apart from the keys of events', async () => {
    await position(ENTITY, NOON)
    expect(await position('openmail:inbox_2')).toBeUndefined()
    expect(await position('openmail:Inbox_1')).toBeUndefined()
    const token = await granted(bench.store, ENTITY)
    await bench.store.complete(ENTITY, token, LONG_MS)
    expect(await position(ENTITY)).toBe(NOON)
    expect(await statusOf(bench.store, ENTITY)).toBe('done')
  })

  it('still remembers a position after a good part of its retention', async () => {
    const { retentionMs, spentMs } = bench.longRetention
    await position(ENTITY, NOON, retentionMs)
    await bench.outlast(spentMs)
    expect(await position(ENTITY)).toBe(NOON)
  })

  it('forgets a position when its retention ends', async () => {
    await position(ENTITY, NOON, SHORT_MS)
    await bench.outlast(SHORT_MS)
    expect(await position(ENTITY)).toBeUndefined()
    expect(await position(ENTITY, NOON - 1)).toBe(NOON - 1)
  })

  it('remembers a position longer when another is handled, even an older one', async () => {
    // A second, so that the position is surely still known when the older one is handled.
    const retentionMs = 1000
    await position(ENTITY, NOON, retentionMs)
    await position(ENTITY, NOON - 1, LONG_MS)
    await bench.outlast(retentionMs)
    expect(await position(ENTITY)).toBe(NOON)
  })

  it('does not extend the retention of a position when it is read', async () => {
    await position(ENTITY, NOON, SHORT_MS)
    await position(ENTITY)
    await bench.outlast(SHORT_MS)
    expect(await position(ENTITY)).toBeUndefined()
  })

  it('keeps the newest of positions that are handled in parallel', async () => {
    const stores = await bench.others(10)
    const handled = stores.map((store, index) =>
      store.position?.(ENTITY, { at: NOON + ((index * 7) % 10), retentionMs: LONG_MS }),
    )
    await Promise.all(handled)
    expect(await position(ENTITY)).toBe(NOON + 9)
  })

  it('accepts the same unusual texts for entities as for keys', async () => {
    const entities = ['\'%_\\"', 'a\0b', '📬', 'k'.repeat(4096), 'evt_a', 'evt_A']
    for (const [index, entity] of entities.entries()) await position(entity, NOON + index)
    const positions = await Promise.all(entities.map((entity) => position(entity)))
    expect(positions).toEqual(entities.map((_, index) => NOON + index))
  })
}
