import { memoryStore } from '@mailbox-hooks/core'
import { afterEach, describe, expect, it, vi } from 'vitest'

const ABOUT = { provider: 'openmail', type: 'message.received' }
const HOUR = 3600_000

function limited(maxKeys: number) {
  let now = 0
  const store = memoryStore({ maxKeys, now: () => now })
  const claim = (key: string) => store.claim(key, 15_000, ABOUT)
  const handle = async (key: string) => {
    const granted = await claim(key)
    if (granted.status === 'claimed') await store.complete(key, granted.token, HOUR)
    return granted.status
  }
  const pass = (ms: number) => {
    now += ms
  }
  return { store, claim, handle, pass }
}

afterEach(() => {
  vi.restoreAllMocks()
})

describe('a memory store that is full', () => {
  it('forgets the keys that were handled longest ago, and warns once', async () => {
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
    const { handle } = limited(3)
    for (const key of ['a', 'b', 'c']) await handle(key)
    expect(warn).not.toHaveBeenCalled()
    for (const key of ['d', 'e']) await handle(key)
    expect(await Promise.all(['c', 'd', 'e'].map(handle))).toEqual(['done', 'done', 'done'])
    expect(await handle('a')).toBe('claimed')
    expect(warn).toHaveBeenCalledOnce()
    expect(warn).toHaveBeenCalledWith(expect.stringMatching(/^memoryStore is full: with more than 3 keys .*maxKeys/), {
      code: 'MAILBOX_HOOKS_STORE_FULL',
    })
  })

  it('keeps maxKeys keys, a live claim among them, and not one more', async () => {
    vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
    for (const [maxKeys, oldest] of [
      [4, 'done'],
      [3, 'claimed'],
    ] as const) {
      const { handle, claim } = limited(maxKeys)
      for (const key of ['a', 'b', 'c']) await handle(key)
      await claim('live')
      expect(await handle('a')).toBe(oldest)
    }
  })

  it('never drops a claim that is alive', async () => {
    vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
    const { claim } = limited(2)
    for (const key of ['a', 'b', 'c', 'd']) expect(await claim(key)).toMatchObject({ status: 'claimed' })
    for (const key of ['a', 'b', 'c', 'd']) expect(await claim(key)).toMatchObject({ status: 'in-flight' })
  })

  it('forgets handled keys in place of claims that are alive, and claims once their leases have ended', async () => {
    vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
    const { claim, handle, pass } = limited(3)
    for (const key of ['live', 'ended']) await claim(key)
    for (const key of ['a', 'b', 'c']) await handle(key)
    expect(await claim('live')).toMatchObject({ status: 'in-flight' })
    pass(15_000)
    expect(await handle('c')).toBe('done')
    for (const key of ['d', 'e', 'c']) await handle(key)
    expect(await Promise.all(['c', 'd', 'e'].map(handle))).toEqual(['done', 'done', 'done'])
  })

  it('has no more than maxKeys again once its claims have come to an end', async () => {
    vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
    const { store, claim, handle } = limited(2)
    const keys = ['a', 'b', 'c', 'd']
    const granted = await Promise.all(keys.map(claim))
    for (const [index, claimed] of granted.entries())
      if (claimed.status === 'claimed') await store.complete(keys[index]!, claimed.token, HOUR)
    await handle('e')
    expect(await Promise.all(['d', 'e'].map(handle))).toEqual(['done', 'done'])
    expect(await handle('c')).toBe('claimed')
  })

  it('forgets no handled key for claims that are released', async () => {
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
    const { store, claim, handle } = limited(3)
    await handle('kept')
    for (const key of ['a', 'b', 'c', 'd', 'e']) {
      const granted = await claim(key)
      if (granted.status === 'claimed') await store.release(key, granted.token)
    }
    expect(await handle('kept')).toBe('done')
    expect(warn).not.toHaveBeenCalled()
  })

  it('drops what has ended by itself before anything that counts, and without a warning', async () => {
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
    const { claim, handle, pass } = limited(2)
    await claim('abandoned')
    await handle('kept')
    pass(15_001)
    await handle('new')
    expect(await handle('kept')).toBe('done')
    pass(HOUR)
    await handle('later')
    expect(warn).not.toHaveBeenCalled()
  })
})
