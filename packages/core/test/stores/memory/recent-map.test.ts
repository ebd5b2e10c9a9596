import { describe, expect, it } from 'vitest'
import { RecentMap } from '../../../src/stores/memory/recent-map.js'

describe('a RecentMap of at most 4 values', () => {
  const filled = (...keys: readonly string[]) => {
    const map = new RecentMap<number>(4)
    for (const [index, key] of keys.entries()) map.set(key, index)
    return (...asked: readonly string[]) => asked.map((key) => map.get(key))
  }

  it('has all of them up to there', () => {
    expect(filled('a', 'b', 'c', 'd')('a', 'b', 'c', 'd')).toEqual([0, 1, 2, 3])
  })

  it('keeps those that were set last, at least half as many', () => {
    expect(filled('a', 'b', 'c', 'd', 'e')('a', 'b', 'c', 'd', 'e')).toEqual([undefined, undefined, 2, 3, 4])
  })

  it('drops none for a key that is set again, and has its newest value', () => {
    expect(filled('a', 'b', 'b', 'b', 'c', 'd', 'd')('a', 'b', 'c', 'd')).toEqual([0, 3, 4, 6])
    expect(filled('a', 'b', 'c', 'a')('a', 'b', 'c')).toEqual([3, 1, 2])
  })
})
