import { memoryStore } from '@mailbox-hooks/core'
import { expect, it } from 'vitest'

const ABOUT = { provider: 'openmail', type: 'message.received' }

it('forgets a position in the millisecond in which its retention ends', async () => {
  let nowMs = 0
  const store = memoryStore({ now: () => nowMs })
  await store.position?.('inbox_1', { at: 7, retentionMs: 10 })
  nowMs = 9
  expect(await store.position?.('inbox_1')).toBe(7)
  nowMs = 10
  expect(await store.position?.('inbox_1')).toBeUndefined()
})

it('drops a claim in the millisecond in which its lease ends, and passes over it before', async () => {
  for (const [passMs, ended] of [
    [9, { status: 'in-flight', retryAfterMs: 1 }],
    [10, { status: 'claimed', token: expect.any(String) }],
  ] as const) {
    let nowMs = 0
    const store = memoryStore({ maxKeys: 2, now: () => nowMs })
    await store.claim('abandoned', 10, ABOUT)
    const handled = await store.claim('handled', 10, ABOUT)
    if (handled.status === 'claimed') await store.complete('handled', handled.token, 5)
    nowMs = passMs
    await store.claim('new', 10, ABOUT)
    expect(await store.claim('abandoned', 10, ABOUT)).toEqual(ended)
  }
})

it('joins no transaction, and says so', async () => {
  const store = memoryStore()
  const completed = store.complete('evt_1', '1', 10, { within: {} })
  await expect(completed).rejects.toThrow(TypeError)
  await expect(completed).rejects.toThrow('memoryStore cannot join a transaction: call complete() without within')
})

it('says which option of it is wrong', () => {
  expect(() => memoryStore({ maxKeys: 0 })).toThrow(/^memoryStore: maxKeys /)
  expect(() => memoryStore({ now: () => Number.NaN })).toThrow(/^memoryStore: now must return /)
})

it('grants a key in the millisecond in which its lease ends, because a sender may be told to come then', async () => {
  let nowMs = 0
  const store = memoryStore({ now: () => nowMs })
  await store.claim('evt_1', 10, ABOUT)
  nowMs = 9
  expect(await store.claim('evt_1', 10, ABOUT)).toEqual({ status: 'in-flight', retryAfterMs: 1 })
  nowMs = 10
  expect(await store.claim('evt_1', 10, ABOUT)).toMatchObject({ status: 'claimed' })
})
