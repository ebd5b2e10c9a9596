import { setTimeout as wait } from 'node:timers/promises'
import { type Accepted, createReceiver, type DedupStore, openMail, type ReceiverOptions } from '@mailbox-hooks/core'
import { signedDelivery } from '@mailbox-hooks/testing'
import { describe, it, type TestContext } from 'vitest'
import { receive } from '../../packages/core/test/request.js'

/** One process, with its store or its journal. */
export interface Side {
  readonly options: Pick<ReceiverOptions, 'store' | 'journal'>
  /** Resolves to whether the key was claimed, and gives it back at once if so. */
  tryClaim(key: string, leaseMs: number): Promise<boolean>
}

export const sideOf = (store: DedupStore): Side => ({
  options: { store },
  tryClaim: async (key, leaseMs) => {
    const claim = await store.claim(key, leaseMs, ABOUT)
    if (claim.status === 'claimed') await store.release(key, claim.token)
    return claim.status === 'claimed'
  },
})

/** A store whose server can stand still: it takes what is sent, and runs it all when it goes on. */
export interface StandingStore {
  readonly name: string
  readonly skip: boolean
  open(): Promise<{
    readonly store: Side
    /** The same data by a connection of its own, as another process has it. */
    readonly other: Side
    stop(): Promise<void>
    goOn(): Promise<void>
    close(): Promise<unknown>
  }>
}

const SECRET = 'openmail-webhook-secret'
const ABOUT = { provider: 'openmail', type: 'message.received' }
const EVENTS = 10
const LEASE_MS = 2_000
const STORE_TIMEOUT_MS = 500
/** Every lease has ended, however late it was extended. */
const STANDSTILL_MS = 1.4 * LEASE_MS
const ATTEMPT_MS = 100
const GIVE_UP_MS = 20_000

const DUPLICATE = '{"received":true,"duplicate":true}'

/** Proves what becomes of claims and marks when the server of a store stands still for longer than a lease. */
export function standstillSuite({ name, skip, open }: StandingStore): void {
  async function opened({ onTestFinished }: TestContext) {
    const { close, ...at } = await open()
    onTestFinished(async () => {
      await at.goOn()
      await close()
    })
    return at
  }

  function receiving({ options }: Side) {
    const receiver = createReceiver({
      providers: [openMail({ secrets: [SECRET] })],
      ...options,
      leaseMs: LEASE_MS,
      storeTimeoutMs: STORE_TIMEOUT_MS,
      journalTimeoutMs: STORE_TIMEOUT_MS,
    })
    return (id: string) => {
      const delivery = signedDelivery('openmail', 'message.received', { secret: SECRET, payload: { event_id: id } })
      return receive(receiver, delivery)
    }
  }

  /** Delivers until there is something to handle: a busy machine may need longer than the store's time limit. */
  async function begin(deliver: ReturnType<typeof receiving>, id: string): Promise<Accepted> {
    for (;;) {
      const reception = await deliver(id)
      if (reception.answer === undefined) return reception
    }
  }

  describe.skipIf(skip)(`${name}, when its server stands still for longer than a lease`, { timeout: 30_000 }, () => {
    // Each test waits most of its time, and has a store of its own.
    describe.concurrent('the receiver', () => {
      it('runs no handler twice whose mark waits: neither in this process nor in another', async (context) => {
        const { expect } = context
        const { store, other, stop, goOn } = await opened(context)
        const deliver = receiving(store)
        const deliverElsewhere = receiving(other)
        const ids = Array.from({ length: EVENTS }, (_, index) => `evt_${index}`)
        let runs = 0

        const handling = await Promise.all(ids.map((id) => begin(deliver, id)))
        runs += handling.length

        await stop()
        await Promise.all(handling.map((reception) => reception.settle(200)))
        const giveUpAt = performance.now() + GIVE_UP_MS
        /** Comes again until it is answered as a duplicate, sooner than any provider. */
        const retry = async (id: string, to: typeof deliver) => {
          for (; performance.now() < giveUpAt; await wait(ATTEMPT_MS)) {
            const reception = await to(id)
            if (reception.answer?.body === DUPLICATE) return
            if (reception.answer !== undefined) continue
            runs += 1
            await reception.settle(200)
          }
        }
        const retrying = ids.map((id, index) => retry(id, index % 2 === 0 ? deliver : deliverElsewhere))
        await wait(STANDSTILL_MS)
        await goOn()
        await Promise.all(retrying)
        expect(performance.now()).toBeLessThan(giveUpAt)
        expect(runs).toBe(EVENTS)
      })

      it('keeps the leases of handlers that still run', async (context) => {
        const { expect } = context
        const { store, stop, goOn } = await opened(context)
        const deliver = receiving(store)
        const reception = await begin(deliver, 'evt_long')
        await stop()
        await deliver('evt_long')
        await wait(STANDSTILL_MS)
        await goOn()
        const statuses = new Set<string | undefined>()
        for (const endsAt = performance.now() + LEASE_MS; performance.now() < endsAt; await wait(ATTEMPT_MS / 2)) {
          statuses.add((await deliver('evt_long')).answer?.body)
        }
        expect([...statuses].filter((body) => body === undefined || body === DUPLICATE)).toEqual([])
        await reception.settle(200)
        await expect.poll(async () => (await deliver('evt_long')).answer?.body, { timeout: LEASE_MS }).toBe(DUPLICATE)
      })

      it('leaves no claim behind that was made too late for its caller', async (context) => {
        const { expect } = context
        const { store, other, stop, goOn } = await opened(context)
        const leaseMs = 60_000
        const keys = Array.from({ length: 5 }, (_, index) => `late_${index}`)
        await stop()
        // Whatever they come to: their callers have gone.
        // As the receiver does, they give back what comes after its time limit.
        const late = keys.map((key) => store.tryClaim(key, leaseMs).catch(() => undefined))
        await wait(STANDSTILL_MS)
        await goOn()
        await Promise.all(late)
        for (const key of keys) {
          const freeUntil = performance.now() + leaseMs / 10
          let isClaimed = false
          while (!isClaimed && performance.now() < freeUntil) {
            isClaimed = await other.tryClaim(key, leaseMs)
            if (!isClaimed) await wait(ATTEMPT_MS)
          }
          expect(isClaimed).toBe(true)
        }
      })
    })
  })
}
