import { createReceiver, memoryStore, openMail } from '@mailbox-hooks/core'
import { signedDelivery } from '@mailbox-hooks/testing'
import { describe, expect, it } from 'vitest'
import { durableJournal } from '../journal/journaled.js'
import { receive } from '../request.js'
import { freezeTime, NOW } from '../sent-now.js'

freezeTime()

let events = 0

/** An event of one inbox that happened so many milliseconds after NOW. */
const happened = (afterMs: number) =>
  signedDelivery('openmail', 'inbox.suspended', {
    secret: 'key',
    at: NOW,
    payload: {
      event_id: `evt_${++events}`,
      inbox_id: 'inb_1',
      occurred_at: new Date(NOW + afterMs).toISOString(),
    },
  })

/** Where the newest handled event is remembered. */
const REMEMBERED = {
  'in a store': () => ({ store: memoryStore() }),
  'in a journal': () => ({ journal: durableJournal() }),
}

describe.each(Object.entries(REMEMBERED))('ordering, remembered %s', (_where, options) => {
  function setUp() {
    const receiver = createReceiver({ providers: [openMail({ secrets: ['key'] })], ordering: true, ...options() })
    return async (afterMs: number, status = 200) => {
      const reception = await receive(receiver, happened(afterMs))
      if (reception.answer !== undefined) throw new Error(reception.answer.body)
      const { stale } = reception.delivery
      await reception.settle(status)
      return stale
    }
  }

  it('tells that an older event is stale, and that an equal or newer one is not', async () => {
    const deliver = setUp()
    expect(await deliver(0)).toBe(false)
    expect([await deliver(-1_000), await deliver(0), await deliver(1_000)]).toEqual([true, false, false])
  })

  it('remembers what was handled, and nothing that failed', async () => {
    const deliver = setUp()
    await deliver(1_000, 500)
    expect(await deliver(0)).toBe(false)
  })
})

describe('ordering', () => {
  it('ignores a time too far ahead, which would make every later event look old', async () => {
    const receiver = createReceiver({
      providers: [openMail({ secrets: ['key'] })],
      ordering: true,
      store: memoryStore(),
    })
    const stales = []
    for (const afterMs of [301_000, 0]) {
      const reception = await receive(receiver, happened(afterMs))
      if (reception.answer !== undefined) throw new Error(reception.answer.body)
      stales.push(reception.delivery.stale)
      await reception.settle(200)
    }
    expect(stales).toEqual([undefined, false])
  })

  it('counts a time that is just as far ahead as it may be', async () => {
    const receiver = createReceiver({ providers: [openMail({ secrets: ['key'] })], ordering: true })
    const stales = []
    for (const afterMs of [300_000, 299_999]) {
      const reception = await receive(receiver, happened(afterMs))
      if (reception.answer !== undefined) throw new Error(reception.answer.body)
      stales.push(reception.delivery.stale)
      await reception.settle(200)
    }
    expect(stales).toEqual([false, true])
  })

  it.each(['inbox_id', 'occurred_at'])('tells nothing of an event without %s', async (field) => {
    const receiver = createReceiver({ providers: [openMail({ secrets: ['key'] })], ordering: true, invalid: 'deliver' })
    const delivery = signedDelivery('openmail', 'inbox.suspended', {
      secret: 'key',
      at: NOW,
      payload: { event_id: `evt_${++events}`, [field]: undefined },
    })
    const reception = await receive(receiver, delivery)
    if (reception.answer !== undefined) throw new Error(reception.answer.body)
    expect(reception.delivery.stale).toBeUndefined()
  })

  it.each([
    ['namespaces', { namespace: 'shop' }, {}],
    ['accounts', {}, { account: 'eu' }],
  ])('keeps the entities of different %s apart in one store', async (_what, options, provider) => {
    const store = memoryStore()
    const deliver = async (afterMs: number, isOther: boolean) => {
      const receiver = createReceiver({
        providers: [openMail({ secrets: ['key'], ...(isOther ? provider : {}) })],
        ordering: true,
        store,
        ...(isOther ? options : {}),
      })
      const reception = await receive(receiver, happened(afterMs))
      if (reception.answer !== undefined) throw new Error(reception.answer.body)
      await reception.settle(200)
      return reception.delivery.stale
    }
    expect([await deliver(0, false), await deliver(-1, true), await deliver(-1, false)]).toEqual([false, false, true])
  })

  it('leaves no claim behind when the store cannot tell the position', async () => {
    const memory = memoryStore()
    const store = {
      claim: memory.claim.bind(memory),
      complete: memory.complete.bind(memory),
      release: memory.release.bind(memory),
      extend: memory.extend.bind(memory),
      position: () => Promise.reject(new Error('planted failure')),
    }
    const receiver = createReceiver({ providers: [openMail({ secrets: ['key'] })], ordering: true, store })
    const delivery = happened(0)
    expect((await receive(receiver, delivery)).answer?.status).toBe(503)
    const healthy = createReceiver({ providers: [openMail({ secrets: ['key'] })], store })
    expect((await receive(healthy, delivery)).answer).toBeUndefined()
  })
})
