import { durableObjectStore } from '@mailbox-hooks/core/durable-object'
import { assert, beforeEach, expect, it, onTestFinished, vi } from 'vitest'
import { FakeNamespace } from './fake-object.js'

const ABOUT = { provider: 'openmail', type: 'message.received' }
const KEY = 'openmail:evt_1'
const LEASE_MS = 15_000
const HOUR_MS = 3600_000

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date', 'performance', 'setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
})

async function granted(store: ReturnType<typeof durableObjectStore>, key = KEY): Promise<string> {
  const claim = await store.claim(key, LEASE_MS, ABOUT)
  assert(claim.status === 'claimed', claim.status)
  return claim.token
}

it('says what to do if the binding is missing', () => {
  // As a caller without types may pass it.
  expect(() => durableObjectStore(undefined as never)).toThrow(/^durableObjectStore: pass the binding of the class Web/)
  expect(() => durableObjectStore({ get() {} } as never)).toThrow(TypeError)
})

it('refuses a number of objects that cannot be', () => {
  for (const objects of [0, 1.5, '2']) {
    expect(() => durableObjectStore(new FakeNamespace(), { objects } as object)).toThrow(
      'objects must be a whole number',
    )
  }
})

it('keeps all events in one object by default, and in as many as are asked for', async () => {
  const [one, three] = [new FakeNamespace(), new FakeNamespace()]
  const stores = [durableObjectStore(one), durableObjectStore(three, { objects: 3 })]
  for (const store of stores) {
    for (let event = 0; event < 50; event++) await granted(store, `openmail:evt_${event}`)
    expect(await store.claim('openmail:evt_7', LEASE_MS, ABOUT)).toMatchObject({ status: 'in-flight' })
  }
  expect([...one.objects.keys()]).toEqual(['webhooks-0'])
  expect([...three.objects.keys()].sort()).toEqual(['webhooks-0', 'webhooks-1', 'webhooks-2'])
})

it('takes two calls for a delivery: a claim and a mark', async () => {
  const namespace = new FakeNamespace()
  let calls = 0
  const get = (id: unknown) => {
    const object = namespace.get(id)
    return { fetch: (url: string, init: RequestInit) => object.fetch(url, init).finally(() => calls++) }
  }
  const store = durableObjectStore({ idFromName: (name) => namespace.idFromName(name), get })
  expect(await store.complete(KEY, await granted(store), HOUR_MS)).toBe(true)
  expect(calls).toBe(2)
})

it('deletes each hour what it need not remember, until nothing is left', async () => {
  const namespace = new FakeNamespace()
  const store = durableObjectStore(namespace)
  await store.complete(KEY, await granted(store), 1.5 * HOUR_MS)
  await store.position?.('openmail:inbox_1', { at: 7, retentionMs: 2.5 * HOUR_MS })
  const object = namespace.only
  const rows = []
  while (object.alarmAt !== null) {
    vi.setSystemTime(object.alarmAt)
    await object.ring()
    rows.push(object.rows)
  }
  expect(rows).toEqual([2, 1, 0])
  await granted(store)
  expect(object.alarmAt).toBe(Date.now() + HOUR_MS)
})

it('keeps a claim for a day after its lease, so that its holder can still mark the event', async () => {
  const namespace = new FakeNamespace()
  const store = durableObjectStore(namespace)
  const token = await granted(store)
  for (let hour = 0; hour < 24; hour++) {
    vi.advanceTimersByTime(HOUR_MS)
    await namespace.only.ring()
  }
  expect(await store.complete(KEY, token, HOUR_MS)).toBe(true)
})

it('grants a claim whose answer was lost to the next delivery, once the object answers again', async () => {
  const namespace = new FakeNamespace()
  const store = durableObjectStore(namespace)
  namespace.failures.push('after')
  await expect(store.claim(KEY, LEASE_MS, ABOUT)).rejects.toThrow('Network connection lost.')
  await store.position?.('openmail:inbox_1')
  await vi.waitFor(async () => expect(namespace.only.rows).toBe(0))
  await granted(store)
})

it('leaves a lease that ended in an outage to its holder, for half a lease', async () => {
  const namespace = new FakeNamespace()
  const store = durableObjectStore(namespace)
  const token = await granted(store)
  await vi.advanceTimersByTimeAsync(LEASE_MS - 1_000)
  namespace.failures.push('before')
  await expect(store.extend(KEY, token, LEASE_MS)).rejects.toThrow('Network connection lost.')
  await vi.advanceTimersByTimeAsync(2_000)
  const claim = await store.claim(KEY, LEASE_MS, ABOUT)
  assert(claim.status === 'in-flight')
  await vi.advanceTimersByTimeAsync(claim.retryAfterMs)
  expect(await store.claim(KEY, LEASE_MS, ABOUT)).toMatchObject({ status: 'claimed' })
})

it('refuses to mark an event in a transaction', async () => {
  const store = durableObjectStore(new FakeNamespace())
  const token = await granted(store)
  await expect(store.complete(KEY, token, HOUR_MS, { within: {} })).rejects.toThrow(TypeError)
  expect(await store.complete(KEY, token, HOUR_MS)).toBe(true)
})
