import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { KeyTable, NONE } from '../../../src/stores/memory/key-table.js'

/** Few first words, so that searches run into other entries and around the end of the index. */
const fingerprintOf = (key: number) => ({ a: -(key % 4), b: key, c: ~key, d: key * 7 })

/** As a hash makes them, which is quick where there are many. */
const spread = (key: number) => ({ ...fingerprintOf(key), a: Math.imul(key, 0x9e3779b1) })

const KEYS = Array.from({ length: 41 }, (_, key) => key)
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index)

interface Entry {
  key: number | undefined
  /** 0 if it is handled. */
  claim: number
  until: number
}

/** The same in the plainest way. */
class Model {
  readonly entries: Entry[] = []
  lost = 0
  readonly #maxKeys: number

  constructor(maxKeys: number) {
    this.#maxKeys = maxKeys
  }

  find(key: number): Entry | undefined {
    return this.entries.find((entry) => entry.key === key)
  }

  add(key: number, claim: number, until: number, now: number): void {
    const isLive = ({ key, claim, until }: Entry) => key !== undefined && claim > 0 && until > now
    while (this.entries.length >= this.#maxKeys && !this.entries.every(isLive)) {
      while (isLive(this.entries[0]!)) this.entries.push(this.entries.shift()!)
      const dropped = this.entries.shift()!
      if (dropped.key !== undefined && dropped.claim === 0 && dropped.until > now) this.lost++
    }
    this.entries.push({ key, claim, until })
  }

  told(): string {
    return KEYS.map((key) => {
      const entry = this.find(key)
      return entry === undefined ? 'unknown' : `${entry.claim || 'handled'} until ${entry.until}`
    }).join()
  }

  remove(entry: Entry): void {
    const youngest = this.entries.pop()!
    if (entry !== youngest) this.entries[this.entries.indexOf(entry)] = youngest
  }
}

const steps = fc.array(
  fc.record({
    key: fc.nat(40),
    lengthMs: fc.integer({ min: 1, max: 60 }),
    passMs: fc.nat(3),
    // A claim that exists is mostly handled.
    act: fc.constantFrom('handle', 'handle', 'handle', 'extend', 'forget', 'remove'),
  }),
  // Of arrays that may be long, most are short otherwise.
  { maxLength: 300, size: 'max' },
)

/** Tells of each key in one text, because many are compared. */
const told = (table: KeyTable) =>
  KEYS.map((key) => {
    const entry = table.find(fingerprintOf(key))
    if (entry === NONE) return 'unknown'
    return `${table.isHandled(entry) ? 'handled' : table.holderOf(entry)} until ${table.untilOf(entry)}`
  }).join()

/** A table in which each of these keys was handled, until `until`. */
function handledTable(maxKeys: number, keys: readonly number[], until: number) {
  const table = new KeyTable(maxKeys, () => {})
  const handle = (key: number, now = 0) => {
    table.add(spread(key), 1, until, now)
    table.handle(table.find(spread(key)), until)
  }
  for (const key of keys) handle(key)
  return { table, handle, has: (key: number) => table.find(spread(key)) !== NONE }
}

describe('KeyTable', () => {
  it('remembers like a list, whatever is added, handled, extended, forgotten and removed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), steps, (maxKeys, steps) => {
        const model = new Model(maxKeys)
        let lost = 0
        let now = 0
        let claims = 0
        const table = new KeyTable(maxKeys, () => lost++)
        for (const { key, lengthMs, passMs, act } of steps) {
          now += passMs
          const known = model.find(key)
          const entry = table.find(fingerprintOf(key))
          if (known === undefined) {
            claims++
            table.add(fingerprintOf(key), claims, now + lengthMs, now)
            model.add(key, claims, now + lengthMs, now)
          } else if (act === 'handle') {
            table.handle(entry, now + lengthMs)
            Object.assign(known, { claim: 0, until: now + lengthMs })
          } else if (act === 'extend') {
            table.extend(entry, now + lengthMs)
            known.until = now + lengthMs
          } else if (act === 'forget') {
            table.forget(entry)
            known.key = undefined
          } else {
            table.remove(entry)
            model.remove(known)
          }
          expect(`${lost} lost, ${told(table)}`).toBe(`${model.lost} lost, ${model.told()}`)
        }
      }),
    )
  })

  it('keeps every key while it grows, from wherever its ring began', () => {
    for (const dropped of [0, 1, 500, 1024]) {
      const { table, handle, has } = handledTable(10_000, range(0, 1024), 1)
      // Each takes the place of an old one, whose time is over.
      for (const key of range(1024, 1024 + dropped)) {
        table.add(spread(key), 1, 3, 1)
        table.handle(table.find(spread(key)), 3)
      }
      for (const key of range(1024 + dropped, 5000)) handle(key)
      const kept = range(0, 5100).filter(has)
      expect([dropped, kept]).toEqual([dropped, range(dropped, 5000)])
    }
  })

  it('finds and drops keys whose distance has no room in a slot', () => {
    // The entries of such tables take 28 and 30 of 31 bits, which leaves room for distances up to 7 and 1.
    for (const maxKeys of [2 ** 28, Number.MAX_SAFE_INTEGER]) {
      const table = new KeyTable(maxKeys, () => {})
      const crowd = (key: number) => ({ a: 5 + (key % 3), b: key, c: key, d: -1 })
      for (const key of range(0, 100)) table.add(crowd(key), key + 1, 1, 0)
      expect(range(0, 100).map((key) => table.holderOf(table.find(crowd(key))))).toEqual(range(1, 101))
      for (const key of range(0, 50)) table.remove(table.find(crowd(key * 2)))
      const kept = range(0, 100).filter((key) => table.find(crowd(key)) !== NONE)
      expect(kept).toEqual(range(0, 50).map((key) => key * 2 + 1))
    }
  })

  it.each(['a', 'b', 'c', 'd'] as const)('knows a key by the word %s of its fingerprint, too', (word) => {
    const table = new KeyTable(10, () => {})
    const known = spread(7)
    table.add(known, 1, 1, 0)
    // In the same slot, as far as the first word says that.
    const other = { ...known, [word]: known[word] ^ 0x40000000 }
    expect([known, other].map((asked) => table.find(asked) !== NONE)).toEqual([true, false])
    table.add(other, 2, 3, 0)
    expect([known, other].map((asked) => table.holderOf(table.find(asked)))).toEqual([1, 2])
  })

  it('does not grow for keys whose time is over', () => {
    const table = new KeyTable(1_000_000, () => expect.unreachable('nothing is lost'))
    for (const key of range(0, 5000)) {
      table.add(spread(key), 1, key + 1, key)
      table.handle(table.find(spread(key)), key + 1)
    }
    expect(table.size).toBe(1024)
  })

  it('does not grow for keys that were forgotten', () => {
    const table = new KeyTable(1_000_000, () => expect.unreachable('nothing is lost'))
    for (const key of range(0, 5000)) {
      table.add(spread(key), 1, 9_000, 0)
      table.forget(table.find(spread(key)))
    }
    expect(table.size).toBe(1024)
  })

  it('takes no room for keys that were removed', () => {
    const table = new KeyTable(1_000_000, () => expect.unreachable('nothing is lost'))
    table.add(spread(0), 1, 9, 0)
    for (const key of range(1, 5000)) {
      table.add(spread(key), 1, 9, 0)
      table.remove(table.find(spread(key)))
    }
    expect([table.size, table.find(spread(0)) !== NONE]).toEqual([1, true])
  })

  it('is larger than it may be as long as it has claims that are alive, and nothing else', () => {
    const table = new KeyTable(4, () => {})
    for (const key of range(0, 9)) table.add(spread(key), key + 1, 10, 0)
    expect(range(0, 9).filter((key) => table.find(spread(key)) !== NONE)).toEqual(range(0, 9))
  })
})
