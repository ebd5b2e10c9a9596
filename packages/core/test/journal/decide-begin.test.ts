import { describe, expect, it } from 'vitest'
import { decideBegin, type KnownEntry } from '../../src/journal/decide-begin.js'
import type { NewEntry } from '../../src/journal/journal-store.js'

const NOW = 100_000
const WINDOW_MS = 1_000

/** An entry that was last received so long ago. */
const known = (agoMs: number, changes: Partial<KnownEntry> = {}): KnownEntry => ({
  state: 'failed',
  generation: 7,
  isLimited: false,
  windowMs: WINDOW_MS,
  lastReceivedAt: NOW - agoMs,
  leaseUntil: undefined,
  ...changes,
})

const decide = (entry: KnownEntry | undefined, arrived: Partial<NewEntry> = {}) =>
  decideBegin(entry, { generation: 0, as: 'received', ...arrived } as NewEntry, NOW)

describe('a delivery', () => {
  it.each<[string, KnownEntry | undefined, unknown]>([
    ['whose entry is not there is inserted', undefined, 'insert'],
    ['of a failed entry takes it', known(0), 'take'],
    ['of a dead entry takes it', known(0, { state: 'dead' }), 'take'],
    ['of an entry whose lease has ended takes it', known(0, { state: 'received', leaseUntil: NOW }), 'take'],
    [
      'of an entry that has a lease waits for its end',
      known(0, { state: 'received', leaseUntil: NOW + 5 }),
      { status: 'in-flight', retryAfterMs: 5 },
    ],
    ['of a handled entry is a duplicate', known(0, { state: 'handled' }), { status: 'handled' }],
    ['of a handled entry is one, too, after the window', known(9_999, { state: 'handled' }), { status: 'handled' }],
    ['of a queued entry is a duplicate', known(0, { state: 'queued' }), { status: 'queued' }],
    ['of an erased entry is a duplicate', known(0, { state: 'erased' }), { status: 'handled' }],
    ['of an erased entry is one until its window ends', known(999, { state: 'erased' }), { status: 'handled' }],
    ['of an erased entry takes its place after the window', known(1_000, { state: 'erased' }), 'replace'],
  ])('%s', (_what, entry, decision) => {
    expect(decide(entry)).toEqual(decision)
  })

  it('that may not run does not take an entry that is there', () => {
    expect(decide(known(0), { as: 'failed' })).toEqual({ status: 'known' })
    expect(decide(undefined, { as: 'failed' })).toBe('insert')
  })

  // Without an id of its provider, the same body is another event once its window is over.
  it.each<[string, number, number, unknown]>([
    ['is the same event until the window ends', 999, 8, 'take'],
    ['has outlived its entry where the window has ended', 1_000, 7, { status: 'outlived', generation: 7 }],
    ['is a new event if it is asked for as one', 1_000, 8, 'insert'],
  ])('without an id %s', (_what, agoMs, generation, decision) => {
    expect(decide(known(agoMs, { isLimited: true }), { generation })).toEqual(decision)
    expect(decide(known(agoMs), { generation })).toBe('take')
  })
})
