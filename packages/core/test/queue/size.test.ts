import { createReceiver, type Outcome, openMail } from '@mailbox-hooks/core'
import { deliveryPacker } from '@mailbox-hooks/core/queue'
import { expect, it } from 'vitest'
import { mail } from '../journal/journaled.js'
import { receive } from '../request.js'
import { mailboxCreated } from './handed-over.js'

const sealing = { sealingKeys: [new Uint8Array(32).fill(7)] }

it('a delivery that is too large for the queue is refused, and the outcome says both sizes', async () => {
  const outcomes: Outcome[] = []
  const pack = deliveryPacker('test', { ...sealing, maxBytes: 1_000 })
  const receiver = createReceiver({
    providers: [openMail({ secrets: ['key'] })],
    handOff: async (delivery, terms) => pack(delivery, terms),
    onOutcome: (outcome) => outcomes.push(outcome),
  })
  const { answer } = await receive(receiver, mail('evt_1', { note: 'x'.repeat(1_000) }))
  expect(answer?.status).toBe(503)
  expect(outcomes).toMatchObject([{ kind: 'rejected', code: 'hand_off_failed' }])
  expect(outcomes[0]!.message).toMatch(
    /The packed delivery has \d+ bytes, and the queue takes 1000\. Its body has \d+ bytes, and packing makes 1\.33 to 2\.67 times as much of it: raise the queue's limit and maxBytes, or lower limitBytes of the receiver\.$/,
  )
})

it('a delivery that is exactly as large as the queue takes is taken', async () => {
  const { delivery, terms } = await mailboxCreated()
  const bytes = Buffer.byteLength(JSON.stringify(deliveryPacker('test', sealing)(delivery, terms)))
  expect(deliveryPacker('test', { ...sealing, maxBytes: bytes })(delivery, terms)).toBeDefined()
  const tooSmall = deliveryPacker('test', { ...sealing, maxBytes: bytes - 1 })
  expect(() => tooSmall(delivery, terms)).toThrow(expect.objectContaining({ name: 'QueueFailure' }))
})

it('maxBytes is checked at start', () => {
  expect(() => deliveryPacker('test', { ...sealing, maxBytes: 0 })).toThrow(/test: maxBytes must be a whole number/)
  expect(() => deliveryPacker('test', { ...sealing, maxByte: 1 } as object)).toThrow(/do you mean maxBytes/)
})
