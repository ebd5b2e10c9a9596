import { memoryStore } from '@mailbox-hooks/core'
import { expect, it } from 'vitest'
import { signedDelivery } from '../signed-delivery.js'
import { freshId, messageReceived, SECRETS, signed } from './deliveries.js'
import { gate, REPLY, type Start } from './harness.js'

const DUPLICATE = { received: true, duplicate: true }

export function onceTests(start: Start): void {
  it("answers a new event with the handler's own answer", async () => {
    const { send, runs, outcomes } = await start()
    const answer = await send(signed(messageReceived('evt_1')))
    expect(answer.status).toBe(200)
    expect(answer.json).toEqual(REPLY.body)
    expect(runs).toMatchObject([{ id: 'openmail:evt_1', provider: 'openmail', trust: 'body+timestamp' }])
    expect(outcomes).toMatchObject([
      { kind: 'handled', status: 200, id: 'openmail:evt_1', type: 'message.received', settled: true },
    ])
  })

  it('answers an event that has been handled with 200, and does not handle it again', async () => {
    const { send, runs, outcomes } = await start()
    const sign = (at: number) =>
      signedDelivery('cold-mail-reseller', 'mailbox.created', { secret: SECRETS.coldMailReseller, at })
    await send(sign(Date.now()))
    const again = await send(sign(Date.now() + 1000))
    expect(again.status).toBe(200)
    expect(again.text).toBe(JSON.stringify(DUPLICATE))
    expect(runs).toHaveLength(1)
    expect(outcomes).toMatchObject([{ kind: 'handled' }, { kind: 'duplicate', status: 200 }])
  })

  it('handles one of 60 parallel duplicates, answers 503 to the others, and deduplicates later ones', async () => {
    const { opened, open } = gate()
    const { send, runs, reported } = await start({}, async () => {
      await opened
      return REPLY
    })
    const delivery = signed(messageReceived())
    const sending = Array.from({ length: 60 }, () => send(delivery))
    await reported(59)
    open()
    const answers = await Promise.all(sending)
    const refused = answers.filter(({ status }) => status === 503)
    expect(refused).toHaveLength(59)
    expect(new Set(refused.map(({ text }) => text))).toEqual(
      new Set([JSON.stringify({ received: false, error: 'in_flight' })]),
    )
    for (const { headers } of refused) expect(Number(headers['retry-after'])).toBeGreaterThan(0)
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect((await send(delivery)).json).toEqual(DUPLICATE)
    expect(runs).toHaveLength(1)
  })

  it('has settled the event when its answer arrives, even with a slow store', async () => {
    const store = memoryStore()
    const { send, runs } = await start({
      store: {
        ...bound(store),
        complete: async (...args) => {
          await new Promise((resolve) => setTimeout(resolve, 30))
          return store.complete(...args)
        },
      },
    })
    const delivery = signed(messageReceived())
    await send(delivery)
    expect((await send(delivery)).json).toEqual(DUPLICATE)
    expect(runs).toHaveLength(1)
  })

  it('handles every change of a mailbox that returns to an earlier status', async () => {
    const { send, runs } = await start()
    const uid = freshId()
    const changes = [
      { from: 'configuring_auth', to: 'active', at: '2026-03-01T09:00:00.000Z' },
      { from: 'active', to: 'suspended', at: '2026-03-01T10:00:00.000Z' },
      { from: 'suspended', to: 'active', at: '2026-03-01T11:00:00.000Z' },
      { from: 'active', to: 'suspended', at: '2026-03-01T12:00:00.000Z' },
    ]
    for (const { from, to, at } of changes) {
      const delivery = signedDelivery('inboxkit', 'mailbox.status_changed', {
        secret: SECRETS.inboxKit,
        payload: { timestamp: at, data: { mailbox: { uid, previous_status: from, status: to } } },
      })
      await send(delivery)
      expect((await send(delivery)).json).toEqual(DUPLICATE)
    }
    expect(runs).toHaveLength(4)
    expect(runs[0]).toMatchObject({ provider: 'inboxkit', trust: 'sender', event: { entity: uid } })
  })

  it('deduplicates a retry whose body differs in the number of the attempt', async () => {
    const { send, runs } = await start()
    const id = freshId()
    for (const attempt of [1, 2, 3]) {
      await send(signed(messageReceived(id, { attempt, delivered_at: `2026-03-01T09:0${attempt}:00.000Z` })))
    }
    expect(runs).toHaveLength(1)
    expect(runs[0]?.attempt).toBe(1)
  })

  it('separates namespaces that share a store', async () => {
    const store = memoryStore()
    const shop = await start({ store, namespace: 'shop' })
    const blog = await start({ store, namespace: 'blog' })
    const delivery = signed(messageReceived('evt_shared'))
    await shop.send(delivery)
    await blog.send(delivery)
    expect([...shop.runs, ...blog.runs].map(({ id }) => id)).toEqual([
      'shop/openmail:evt_shared',
      'blog/openmail:evt_shared',
    ])
  })
}

/** The methods of a store as plain functions, to replace some of them. */
function bound(store: ReturnType<typeof memoryStore>) {
  return {
    claim: store.claim.bind(store),
    complete: store.complete.bind(store),
    release: store.release.bind(store),
    extend: store.extend.bind(store),
  }
}
