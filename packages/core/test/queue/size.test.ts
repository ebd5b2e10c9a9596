import { createReceiver, type Outcome, openMail } from '@mailbox-hooks/core'
import { deliveryPacker } from '@mailbox-hooks/core/queue'
import { expect, it } from 'vitest'
import { mail } from '../journal/journaled.js'
import { receive } from '../request.js'

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
    /The packed delivery has \d+ bytes, and the queue takes 1000\. Its body has \d+ bytes, and packing makes 1\.33 to 2\.67 times/,
  )
})

it('maxBytes is checked at start', () => {
  expect(() => deliveryPacker('test', { ...sealing, maxBytes: 0 })).toThrow(/test: maxBytes must be a whole number/)
  expect(() => deliveryPacker('test', { ...sealing, maxByte: 1 } as object)).toThrow(/do you mean maxBytes/)
})
