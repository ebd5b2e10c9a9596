import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HandledKeys } from '../../../src/stores/memory/handled-keys.js'

/** Few first words, so that searches run into other entries and around the end of the index. */
const fingerprintOf = (key: number) => ({ a: -(key % 4), b: key, c: ~key, d: key * 7 })

/** As a hash makes them, which is quick where there are many. */
const spread = (key: number) => ({ ...fingerprintOf(key), a: Math.imul(key, 0x9e3779b1) })

const KEYS = Array.from({ length: 41 }, (_, key) => key)

/** The same in the plainest way. */
class Model {
  readonly #maxKeys: number
  readonly entries: { key: number; forgetAt: number }[] = []
  lost = 0

  constructor(maxKeys: number) {
    this.#maxKeys = maxKeys
  }

  has(key: number, now: number): boolean {
    return this.entries.some((entry) => entry.key === key && entry.forgetAt > now)
  }

  add(key: number, now: number, forgetAt: number): void {
    if (this.entries.length === this.#maxKeys) this.dropOldest(now)
    this.entries.push({ key, forgetAt })
  }

  dropOldest(now: number): void {
    const oldest = this.entries.shift()
    if (oldest !== undefined && oldest.forgetAt > now) this.lost++
  }
}

const steps = fc.array(
  fc.record({
    key: fc.nat(40),
    lengthMs: fc.integer({ min: 1, max: 60 }),
    passMs: fc.nat(3),
    drops: fc.nat(3).map((number) => number === 0),
  }),
  { maxLength: 300 },
)

describe('HandledKeys', () => {
  it('remembers like a list, whatever is added, forgotten and dropped', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), steps, (maxKeys, steps) => {
        const model = new Model(maxKeys)
        let lost = 0
        let now = 0
        const handled = new HandledKeys(maxKeys, () => lost++)
        for (const { key, lengthMs, passMs, drops } of steps) {
          now += passMs
          if (drops) {
            handled.dropOldest(now)
            model.dropOldest(now)
          } else if (!model.has(key, now)) {
            handled.add(fingerprintOf(key), now, now + lengthMs)
            model.add(key, now, now + lengthMs)
          }
          expect({ lost, size: handled.size }).toEqual({ lost: model.lost, size: model.entries.length })
          const known = KEYS.filter((asked) => handled.has(fingerprintOf(asked), now))
          expect(known).toEqual(KEYS.filter((asked) => model.has(asked, now)))
        }
      }),
    )
  })

  it('keeps every key while it grows, from wherever its ring began', () => {
    for (const dropped of [0, 1, 500, 1024]) {
      const handled = new HandledKeys(10_000, () => {})
      for (let key = 0; key < 1024; key++) handled.add(spread(key), 0, 1)
      for (let key = 0; key < dropped; key++) handled.dropOldest(0)
      for (let key = 1024; key < 5000; key++) handled.add(spread(key), 0, 1)
      expect(handled.size).toBe(5000 - dropped)
      const all = Array.from({ length: 5100 }, (_, key) => key)
      expect(all.filter((key) => handled.has(spread(key), 0))).toEqual(all.slice(dropped, 5000))
    }
  })

  it.each(['a', 'b', 'c', 'd'] as const)('knows a key by the word %s of its fingerprint, too', (word) => {
    const handled = new HandledKeys(10, () => {})
    const known = spread(7)
    handled.add(known, 0, 1)
    // In the same slot, as far as the first word says that.
    const other = { ...known, [word]: known[word] ^ 0x40000000 }
    expect([handled.has(known, 0), handled.has(other, 0)]).toEqual([true, false])
    handled.add(other, 0, 3)
    expect([handled.has(known, 1), handled.has(other, 1)]).toEqual([false, true])
  })

  it('does not grow for keys whose time has come', () => {
    const handled = new HandledKeys(1_000_000, () => expect.unreachable('nothing is lost'))
    for (let key = 0; key < 5000; key++) handled.add(spread(key), key, key + 1)
    expect(handled.size).toBe(1024)
  })
})
