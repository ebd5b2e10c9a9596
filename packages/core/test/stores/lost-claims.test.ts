import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { LostClaims } from '../../src/stores/lost-claims.js'

const LEASE_MS = 10_000

describe('claims whose outcome is unknown', () => {
  let lost: LostClaims
  let released: string[]
  let answer: () => Promise<boolean>

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
    released = []
    answer = async () => true
    lost = new LostClaims(({ key, token }) => {
      released.push(`${key} by ${token}`)
      return answer()
    })
  })
  afterEach(() => void vi.useRealTimers())

  const add = (name: string) => lost.add({ key: `key_${name}`, token: `token_${name}`, leaseMs: LEASE_MS })
  const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)

  it('are given back at the next answer of the store, once', async () => {
    add('a')
    add('b')
    expect(released).toEqual([])
    lost.look()
    lost.look()
    await pass(10 * LEASE_MS)
    expect(released).toEqual(['key_a by token_a', 'key_b by token_b'])
  })

  it('are given back by themselves where nothing else is asked, at a tenth of the lease', async () => {
    add('a')
    await pass(LEASE_MS / 10 - 1)
    expect(released).toEqual([])
    await pass(1)
    expect(released).toHaveLength(1)
  })

  it('are given back by timers of their own, because one may end with the request that set it', async () => {
    add('a')
    vi.clearAllTimers()
    add('b')
    await pass(LEASE_MS / 10)
    expect(released).toEqual(['key_b by token_b'])
  })

  it('are tried again while the store is out of reach, for two leases', async () => {
    answer = () => Promise.reject(new Error('down'))
    add('a')
    await pass(LEASE_MS)
    expect(released.length).toBeGreaterThan(5)
    await pass(1.2 * LEASE_MS)
    const tries = released.length
    await pass(10 * LEASE_MS)
    expect(released).toHaveLength(tries)
  })

  it('are looked for twice: a server may run a statement that it got before', async () => {
    answer = async () => false
    add('a')
    lost.look()
    await pass(0)
    lost.look()
    expect(released).toHaveLength(1)
    await pass(0.7 * LEASE_MS)
    expect(released).toHaveLength(2)
    await pass(10 * LEASE_MS)
    expect(released).toHaveLength(2)
  })

  it('are forgotten, the oldest first, where there are too many', async () => {
    for (let index = 0; index <= 10_000; index++) add(String(index))
    lost.look()
    expect(released).toHaveLength(10_000)
    expect(released).not.toContain('key_0 by token_0')
  })
})
