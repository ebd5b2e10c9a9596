import { coldMailReseller, createReceiver, type DedupStore, memoryStore, type Receiver } from '@mailbox-hooks/core'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { signedDelivery } from '../signed-delivery.js'
import type { HandOffUnderTest, OpenHandOff, WorkerHandler } from './hand-off-under-test.js'

const SECRET = 'hand-off-suite-secret'
const PLANTED = 'planted rena ppos micx xycp'
const MANY = 20

/**
 * Tests the hand-off to a real queue, and its workers, through the receiver: nothing is lost, nothing runs twice, and no
 * credential can be read. Call it at the top of a vitest file. It defines its own `describe` blocks.
 *
 * It does not kill workers: how long a job waits for another worker then, is the queue's to decide.
 *
 * @example
 * handOffSuite({
 *   name: 'my queue',
 *   open: async () => {
 *     const queue = await openQueue()
 *     return {
 *       handOff: myHandOff(queue, { sealingKeys }),
 *       work: async (handler) => {
 *         const consumer = await queue.consume(queuedHandler('myWorker', handler, { sealingKeys, store }))
 *         return () => consumer.stop()
 *       },
 *       close: () => queue.delete(),
 *     }
 *   },
 * })
 */
export function handOffSuite(underTest: HandOffUnderTest): void {
  const { name, skip = false, patienceMs = 15_000, differences = {} } = underTest
  const within = { timeout: patienceMs, interval: 20 }

  describe.skipIf(skip)(name, { timeout: 4 * patienceMs }, () => {
    let queue: OpenHandOff
    const ends: (() => Promise<unknown>)[] = []
    const work = async (handler: WorkerHandler) => {
      ends.push(await queue.work(handler))
    }
    /** A receiver. Two of them share nothing but the queue, as after a crash between queue and mark. */
    const receiver = (store: DedupStore = memoryStore()) =>
      createReceiver({
        providers: [coldMailReseller({ secrets: [SECRET] })],
        store,
        ...queue.options,
        handOff: queue.handOff,
      })

    beforeEach(async () => {
      queue = await underTest.open()
    })
    afterEach(async () => {
      await Promise.all(ends.splice(0).map((end) => end()))
      await queue.close()
    })

    it('answers without a worker; one that starts later gets the delivery as it was received', async () => {
      const body = await queued(receiver(), 'evt_1')
      const got: object[] = []
      await work((delivery) => {
        const { id, provider, trust, event } = delivery
        const text = Buffer.from(delivery.rawBody()).toString()
        got.push({ id, provider, trust, type: event.type, payload: structuredClone(event.payload), text })
      })
      await vi.waitFor(() => expect(got).not.toEqual([]), within)
      const known = { id: 'cold-mail-reseller:evt_1', provider: 'cold-mail-reseller', trust: 'body' }
      expect(got).toEqual([{ ...known, type: 'mailbox.created', payload: JSON.parse(body), text: body }])
    })

    it('runs an event once that was handed over twice', async () => {
      const runs: string[] = []
      await work(({ id }) => runs.push(id))
      const forgetful = Object.assign(memoryStore(), { complete: async () => true })
      for (const store of [forgetful, memoryStore()]) await queued(receiver(store), 'evt_1')
      // The queue has come to the end of what was there before.
      await queued(receiver(), 'evt_2')
      await vi.waitFor(() => expect(runs).toContain('cold-mail-reseller:evt_2'), within)
      expect([...runs].sort()).toEqual(['cold-mail-reseller:evt_1', 'cold-mail-reseller:evt_2'])
    })

    it('runs each of many events', async () => {
      const one = receiver()
      const ids = Array.from({ length: MANY }, (_, index) => `evt_${index}`)
      await Promise.all(ids.map((id) => queued(one, id)))
      const runs = new Set<string>()
      await work(({ id }) => runs.add(id))
      await vi.waitFor(() => expect(runs.size).toBe(MANY), within)
    })

    it('runs a job again whose handler failed', async () => {
      await queued(receiver(), 'evt_1')
      const handler = vi.fn<WorkerHandler>().mockRejectedValueOnce(new Error('away')).mockResolvedValue(undefined)
      await work(handler)
      await vi.waitFor(() => expect(handler).toHaveBeenCalledTimes(2), within)
    })

    it('takes a delivery of 1 MB', async () => {
      await queued(receiver(), 'evt_1', { note: 'x'.repeat(1_000_000) })
      const sizes: number[] = []
      await work((delivery) => sizes.push(delivery.rawBody().length))
      await vi.waitFor(() => expect(sizes).toEqual([expect.any(Number)]), within)
      expect(sizes[0]).toBeGreaterThan(1_000_000)
    })

    it.skipIf(differences.unsearchable)('stores no credential that anyone can read', async () => {
      await queued(receiver(), 'evt_1')
      const stored = (await queue.everythingStored?.()) ?? ''
      expect(stored).not.toBe('')
      for (const form of [PLANTED, ...base64Of(PLANTED)]) expect(stored).not.toContain(form)
    })
  })
}

/** Delivers an event, which must be in the queue then. Resolves to its body. */
async function queued(receiver: Receiver, eventId: string, more: object = {}): Promise<string> {
  const payload = { eventId, data: { mailboxDetails: { appPassword: PLANTED } }, ...more }
  const { headers, body } = signedDelivery('cold-mail-reseller', 'mailbox.created', { secret: SECRET, payload })
  const { answer } = await receiver.receive({
    method: 'POST',
    header: (name) => headers[name],
    headers: () => headers,
    readBody: async () => Buffer.from(body),
    isOpenEnded: () => false,
  })
  // A journal knows what it has queued, whichever receiver asks.
  expect(answer?.body).toMatch(/^\{"received":true,"(queued|duplicate)":true\}$/)
  return String(body)
}

/** What of a text stays the same in base64, whatever stands before and after it. */
const base64Of = (text: string) =>
  [0, 1, 2].map((offset) =>
    Buffer.from(' '.repeat(offset) + text)
      .toString('base64')
      .slice(4, -4),
  )
