import { memoryStore } from '@mailbox-hooks/core'
import { expect, it } from 'vitest'

const ABOUT = { provider: 'openmail', type: 'message.received' }

it('grants a key in the millisecond in which its lease ends, because a sender may be told to come then', async () => {
  let nowMs = 0
  const store = memoryStore({ now: () => nowMs })
  await store.claim('evt_1', 10, ABOUT)
  nowMs = 9
  expect(await store.claim('evt_1', 10, ABOUT)).toEqual({ status: 'in-flight', retryAfterMs: 1 })
  nowMs = 10
  expect(await store.claim('evt_1', 10, ABOUT)).toMatchObject({ status: 'claimed' })
})
