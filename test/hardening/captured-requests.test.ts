import { createHmac } from 'node:crypto'
import {
  coldMailReseller,
  createReceiver,
  inboxKit,
  memoryStore,
  openMail,
  type Provider,
  type ReceiverOptions,
} from '@mailbox-hooks/core'
import { deliveryPacker, queuedHandler } from '@mailbox-hooks/core/queue'
import { signedDelivery, testClock } from '@mailbox-hooks/testing'
import { describe, expect, it } from 'vitest'
import { mailboxCreated } from '../../packages/core/test/queue/handed-over.js'
import { receive, type Sent } from '../../packages/core/test/request.js'

const START = 1_767_225_600_000
const SECRET = 'a-secret-of-16-bytes'
const DAY_MS = 24 * 3600_000

/** A receiver with a clock of its own, and what becomes of each request that is sent to it. */
function receiverOf(provider: Provider, options: Partial<ReceiverOptions> = {}) {
  const clock = testClock(START)
  const store = memoryStore({ now: clock.now })
  const receiver = createReceiver({ providers: [provider], store, now: clock.now, ...options })
  const send = async (sent: Sent) => {
    const reception = await receive(receiver, sent)
    if (reception.answer !== undefined) return reception.answer.body.replace(/.*"(duplicate|error)":"?(\w+).*/, '$1 $2')
    await reception.settle(200)
    return `handled ${reception.delivery.event.type}`
  }
  return { clock, send }
}

describe('a captured request', () => {
  it('of OpenMail is a duplicate for five minutes, and then too old', async () => {
    const { clock, send } = receiverOf(openMail({ secrets: [SECRET] }))
    const captured = signedDelivery('openmail', 'message.received', { secret: SECRET, at: START })
    expect(await send(captured)).toBe('handled message.received')
    clock.advance(300_000)
    expect(await send(captured)).toBe('duplicate true')
    clock.advance(1_000)
    expect(await send(captured)).toBe('error timestamp_invalid')
  })

  it('of Cold Mail Reseller with a signed time is a duplicate for five minutes, and then too old', async () => {
    const { clock, send } = receiverOf(coldMailReseller({ secrets: [SECRET] }))
    const options = { secret: SECRET, at: START, reading: 'timestamp.body' } as const
    const captured = signedDelivery('cold-mail-reseller', 'mailbox.created', options)
    expect(await send(captured)).toBe('handled mailbox.created')
    clock.advance(300_000)
    expect(await send(captured)).toBe('duplicate true')
    clock.advance(1_000)
    expect(await send(captured)).toBe('error timestamp_invalid')
    const headers = { ...captured.headers, 'cmr-x-timestamp': String(clock.now() / 1000) }
    expect(await send({ ...captured, headers })).toBe('error signature_invalid')
  })

  it.each([
    ['with an id', { eventId: 'evt_1' }, 7 * DAY_MS],
    ['without an id', { eventId: undefined }, 601_000],
  ])(
    'of Cold Mail Reseller with an unsigned time can be sent with a new one while its key is known: %s',
    async (_, payload, rememberedMs) => {
      const { clock, send } = receiverOf(coldMailReseller({ secrets: [SECRET] }))
      const { body } = signedDelivery('cold-mail-reseller', 'mailbox.created', { secret: SECRET, payload })
      const again = () => {
        const options = { secret: SECRET, body, at: clock.now(), reading: 'body' } as const
        return send(signedDelivery('cold-mail-reseller', 'mailbox.created', options))
      }
      expect(await again()).toBe('handled mailbox.created')
      clock.advance(rememberedMs - 1_000)
      expect(await again()).toBe('duplicate true')
      clock.advance(2_000)
      expect(await again()).toBe('handled mailbox.created')
    },
  )

  it('of InboxKit is anything that a sender invents, because its header is the same in every request', async () => {
    const { send } = receiverOf(inboxKit({ secrets: [SECRET] }))
    const { headers, body } = signedDelivery('inboxkit', 'mailbox.status_changed', { secret: SECRET, at: START })
    const invented = body.replace(/"status":"[^"]*"/, '"status":"invented"')
    expect(await send({ headers, body: invented })).toBe('handled mailbox.status_changed')
    // The genuine event with the invented key is taken for a duplicate.
    expect(await send({ headers, body: invented })).toBe('duplicate true')
  })
})

describe('a sealed job', () => {
  it('can be put back and moved: it opens again, and in a worker that has the same key', async () => {
    const sealing = { sealingKeys: [new Uint8Array(32).fill(7)] }
    const { delivery, terms } = await mailboxCreated()
    const job = deliveryPacker('test', sealing)(delivery, terms)
    let runs = 0
    const count = { otherwise: async () => void runs++ }
    const [worker, other] = [queuedHandler('test', count, sealing), queuedHandler('other', count, sealing)]
    await worker(job)
    await worker(job)
    await other(job)
    expect(runs).toBe(3)
  })
})

it('signs its requests in these tests as the providers do', () => {
  const { headers, body } = signedDelivery('openmail', 'message.received', { secret: SECRET, at: START })
  const content = `${headers['x-timestamp']}.${body}`
  expect(headers['x-signature']).toContain(createHmac('sha256', SECRET).update(content).digest('hex'))
})
