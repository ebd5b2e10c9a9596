import { type DedupStore, type Delivery, memoryStore } from '@mailbox-hooks/core'
import { sqliteStore } from '@mailbox-hooks/core/sql'
import Libsql from 'libsql'
import { expect, it } from 'vitest'
import { receiving } from '../stores/sql/receiving.js'

it.each<[string, DedupStore]>([
  ['in the memory of this process', memoryStore()],
  ['that could not tell later whether it was committed', Object.assign(memoryStore(), { complete: async () => true })],
])("takes no mark in a store %s: the handler's own TypeError, at once, and no 2xx", async (_which, store) => {
  const { accept } = receiving(store)
  const { delivery, settle } = await accept('evt_1')
  // At once: a transaction that knows no promises would be committed.
  expect(() => delivery.complete({ within: {} })).toThrow(TypeError)
  expect(() => delivery.complete({ within: {} })).toThrow(/this store cannot join a transaction/)
  expect(await settle(200)).toMatchObject({ status: 503, body: '{"received":false,"error":"mark_not_committed"}' })
})

it('takes no transaction that is undefined for none', async () => {
  const { accept } = receiving(memoryStore())
  const { delivery } = await accept('evt_1')
  expect(() => delivery.complete({ within: undefined })).toThrow('within is undefined')
})

it.each<[string, (delivery: Delivery) => Promise<boolean>, RegExp | undefined]>([
  ['given back', (delivery) => delivery.release(), /claim was lost/],
  ['marked as handled', (delivery) => delivery.complete(), undefined],
])('of an event that was %s before keeps to that', async (_what, decide, error) => {
  const { accept } = receiving(memoryStore())
  const { delivery } = await accept('evt_1')
  await decide(delivery)
  if (error === undefined) expect(await delivery.complete({ within: {} })).toBe(true)
  else expect(() => delivery.complete({ within: {} })).toThrow(error)
})

it('throws where the event is handled without a claim, so that the transaction rolls back', async () => {
  const store = memoryStore()
  store.claim = async () => {
    throw new Error('down')
  }
  const { accept } = receiving(store, { handleWhenStoreIsDown: true })
  const { delivery } = await accept('evt_1')
  expect(() => delivery.complete({ within: {} })).toThrow('has no claim to mark')
  expect(await delivery.complete()).toBe(false)
})

it('aborts no signal when a mark was committed and the handler goes on', async () => {
  const database = new Libsql(':memory:')
  const store = sqliteStore(database)
  await store.migrate()
  const { accept } = receiving(store, { leaseMs: 30 })
  const { delivery, settle } = await accept('evt_1')
  const aborted = new Promise((resolve) => delivery.signal.addEventListener('abort', () => resolve('aborted')))
  database.transaction(() => {
    delivery.complete({ within: database })
  })()
  // Ten extensions, each of which finds that the claim is no longer held.
  const later = new Promise((resolve) => setTimeout(resolve, 100, 'not aborted'))
  expect(await Promise.race([aborted, later])).toBe('not aborted')
  expect(await settle(200)).toBeUndefined()
})
