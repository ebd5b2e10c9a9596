import { randomBytes } from 'node:crypto'
import { inspect } from 'node:util'
import { type HandOff, memoryJournal, memoryStore, type Outcome } from '@mailbox-hooks/core'
import type { DeadLetter, QueuedHandlers, SealingOptions, WorkerOptions } from '@mailbox-hooks/core/queue'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { DUPLICATE, PLANTED, QUEUED, receiverOf } from './sender.js'

/** A queue of its own for each test. */
export interface OpenQueue {
  readonly handOff: (sealing: SealingOptions) => HandOff
  /** Starts a worker that tries each job twice; the function it resolves to ends it. */
  work(handlers: QueuedHandlers, options: WorkerOptions): Promise<() => Promise<void>>
  /** How many jobs there are, finished and failed ones included. */
  count(): Promise<number>
  /** Why jobs have failed for good. */
  failures(): Promise<string[]>
  deadLetters(sealing: SealingOptions): Promise<readonly DeadLetter[]>
  redrive(ids: readonly string[] | 'all'): Promise<number>
  close(): Promise<void>
}

export interface QueueUnderTest {
  readonly name: string
  readonly skip: boolean
  start(): Promise<void>
  stop(): Promise<void>
  open(): Promise<OpenQueue>
  /** Everything that the server holds, on its disk or in its tables. */
  everythingStored(): Promise<string>
}

const sealing = (...sealingKeys: Uint8Array[]) => ({ sealingKeys })
const OLD = randomBytes(32)
const NEW = randomBytes(32)

const within = { timeout: 15_000, interval: 20 }

/** Tests the promises of every queue that deliveries are handed to. */
export function queueSuite({ name, skip, start, stop, open, everythingStored }: QueueUnderTest): void {
  describe.skipIf(skip)(name, () => {
    let queue: OpenQueue
    const workers: (() => Promise<void>)[] = []
    const work = async (handlers: QueuedHandlers, options: WorkerOptions = sealing(OLD)) => {
      const end = await queue.work(handlers, options)
      workers.push(end)
      return end
    }

    beforeAll(start, 30_000)
    afterAll(stop)
    beforeEach(async () => {
      queue = await open()
    })
    afterEach(async () => {
      await Promise.all(workers.splice(0).map((end) => end()))
      await queue.close()
    })

    it('answers without a worker; one that starts later gets the delivery, typed', async () => {
      const send = receiverOf(queue.handOff(sealing(OLD)))
      expect(await send('evt_1')).toBe(QUEUED)
      expect(await send('evt_1')).toBe(DUPLICATE)
      expect(await queue.count()).toBe(1)

      const handled: object[] = []
      await work({
        'mailbox.created': async ({ id, trust, event }) => {
          handled.push({ id, trust, appPassword: event.payload.data.mailboxDetails.appPassword })
        },
      })
      await vi.waitFor(() => expect(handled).toHaveLength(1), within)
      expect(handled).toEqual([{ id: 'cold-mail-reseller:evt_1', trust: 'body', appPassword: PLANTED }])
    })

    it('says whether it answers', async () => {
      const { ping } = queue.handOff(sealing(OLD))
      expect(ping).toBeDefined()
      await ping?.()
    })

    it('makes 50 jobs of 200 deliveries of 50 events, and each is done once', async () => {
      const runs = new Map<string, number>()
      const count = async ({ id }: { id: string }) => {
        runs.set(id, (runs.get(id) ?? 0) + 1)
      }
      await work({ otherwise: count })
      await work({ otherwise: count })
      // Two processes that share nothing but the queue: the worst that a store can do to it.
      const senders = [receiverOf(queue.handOff(sealing(OLD))), receiverOf(queue.handOff(sealing(OLD)))]
      const deliveries = Array.from({ length: 200 }, (_, index) => senders[index % 2]!(`evt_${(index >> 1) % 50}`))
      const answers = await Promise.all(deliveries)
      expect(new Set(answers.map((answer) => answer.slice(0, 3)))).toEqual(new Set(['200', '503']))

      await vi.waitFor(() => expect(runs.size).toBe(50), within)
      expect(await queue.count()).toBe(50)
      expect([...runs.values()].every((times) => times === 1)).toBe(true)
    })

    it('does an event once that was queued, done, and repeated because the receiver died before it noted so', async () => {
      const handOff = queue.handOff(sealing(OLD))
      const forgetful = Object.assign(memoryStore(), { complete: () => new Promise<boolean>(() => {}) })
      const died = receiverOf(handOff, { store: forgetful, storeTimeoutMs: 50 })
      const handler = vi.fn(async () => {})
      await work({ otherwise: handler })
      expect(await died('evt_1')).toBe(QUEUED)
      await vi.waitFor(() => expect(handler).toHaveBeenCalledTimes(1), within)

      const next = receiverOf(handOff)
      expect(await next('evt_1')).toBe(QUEUED)
      expect(await next('evt_2')).toBe(QUEUED)
      await vi.waitFor(() => expect(handler).toHaveBeenCalledTimes(2), within)
      expect(await queue.count()).toBe(2)
    })

    it('tries a job again whose handler failed', async () => {
      const handler = vi.fn().mockRejectedValueOnce(new Error('The database is away')).mockResolvedValue(undefined)
      await work({ otherwise: handler })
      expect(await receiverOf(queue.handOff(sealing(OLD)))('evt_1')).toBe(QUEUED)
      await vi.waitFor(() => expect(handler).toHaveBeenCalledTimes(2), within)
      expect(await queue.failures()).toEqual([])
    })

    it('opens old jobs with an old key; one that does not open fails, says why, and is kept', async () => {
      expect(await receiverOf(queue.handOff(sealing(OLD)))('evt_1')).toBe(QUEUED)
      const passwords: unknown[] = []
      const handlers: QueuedHandlers = {
        'mailbox.created': async ({ event }) => passwords.push(event.payload.data.mailboxDetails.appPassword),
      }
      const endWithout = await work(handlers, sealing(NEW))
      await vi.waitFor(async () => expect(await queue.failures()).toHaveLength(1), within)
      expect(await queue.failures()).toEqual([expect.stringMatching(/sealed with the key .* add that key/)])
      expect(await queue.deadLetters(sealing(NEW))).toMatchObject([
        { id: 'cold-mail-reseller:evt_1', unreadable: expect.stringMatching(/add that key/) },
      ])
      await endWithout()
      expect(passwords).toEqual([])

      await work(handlers, sealing(NEW, OLD))
      expect(await queue.redrive('all')).toBe(1)
      await vi.waitFor(() => expect(passwords).toEqual([PLANTED]), within)
    })

    it('reports each run: failed, dead, and handled after a redrive; a redrive makes no second job', async () => {
      expect(await receiverOf(queue.handOff(sealing(OLD)))('evt_1')).toBe(QUEUED)
      const outcomes: Outcome[] = []
      let handler = (): Promise<unknown> => Promise.reject(new RangeError(`Cannot log in with ${PLANTED}`))
      const options = { ...sealing(OLD), onOutcome: (outcome: Outcome) => outcomes.push(outcome) }
      await work(() => handler(), options)
      await vi.waitFor(async () => expect(await queue.deadLetters(sealing(OLD))).toHaveLength(1), within)
      const [letter] = await queue.deadLetters(sealing(OLD))
      const error = { name: 'RangeError', message: 'Cannot log in with [redacted]' }
      expect(letter).toMatchObject({
        id: 'cold-mail-reseller:evt_1',
        provider: 'cold-mail-reseller',
        type: 'mailbox.created',
        event: { type: 'mailbox.created', payload: { data: { mailboxDetails: { appPassword: '[redacted]' } } } },
        trust: 'body',
        attempts: 2,
        failedAt: expect.any(Date),
        error,
      })
      const { jobId } = letter!
      const known = { id: 'cold-mail-reseller:evt_1', type: 'mailbox.created', jobId, queuedMs: expect.any(Number) }
      expect(outcomes).toMatchObject([
        { kind: 'failed', ...known, attempt: 1, error },
        { kind: 'dead', ...known, attempt: 2, error },
      ])

      let end = () => {}
      const running = new Promise<void>((resolve) => {
        end = resolve
      })
      handler = () => running
      const asked = await Promise.all([queue.redrive([jobId]), queue.redrive('all'), queue.redrive([letter!.id!])])
      expect(asked.reduce((sum, count) => sum + count)).toBe(1)
      expect(await queue.redrive([jobId])).toBe(0)
      end()
      await vi.waitFor(() => expect(outcomes.at(-1)).toMatchObject({ kind: 'handled', jobId }), within)
      expect(await queue.redrive([jobId])).toBe(0)
      expect(outcomes).toHaveLength(3)
      expect(await queue.count()).toBe(1)
      expect(await queue.deadLetters(sealing(OLD))).toEqual([])
    })

    it('redrives nothing if it does not know one of the ids', async () => {
      expect(await receiverOf(queue.handOff(sealing(OLD)))('evt_1')).toBe(QUEUED)
      await work(() => Promise.reject(new Error('x')))
      await vi.waitFor(async () => expect(await queue.deadLetters(sealing(OLD))).toHaveLength(1), within)
      const [{ jobId } = { jobId: '' }] = await queue.deadLetters(sealing(OLD))
      await expect(queue.redrive([jobId, 'evt_2'])).rejects.toThrow(/no job "evt_2"/)
      expect(await queue.failures()).toHaveLength(1)
      await expect(queue.redrive(undefined as never)).rejects.toThrow(TypeError)
      await expect(queue.deadLetters({})).rejects.toThrow(/sealingKeys/)
    })

    it('keeps the journal: queued, dead, and handled after a redrive', async () => {
      const journal = memoryJournal()
      expect(await receiverOf(queue.handOff(sealing(OLD)), { journal })('evt_1')).toBe(QUEUED)
      let handler = (): Promise<unknown> => Promise.reject(new Error('x'))
      await work(() => handler(), { ...sealing(OLD), journal })
      const state = async () => (await journal.entry('cold-mail-reseller:evt_1'))?.state
      await vi.waitFor(async () => expect(await state()).toBe('dead'), within)
      await vi.waitFor(async () => expect(await queue.failures()).toHaveLength(1), within)
      handler = async () => {}
      expect(await queue.redrive('all')).toBe(1)
      await vi.waitFor(async () => expect(await state()).toBe('handled'), within)
    })

    it('stores no credential: not in jobs, not in results, not in failures', async () => {
      const send = receiverOf(queue.handOff(sealing(OLD)))
      await work({
        otherwise: async ({ id, event }) => {
          if (id.endsWith('1')) return event.payload
          throw Object.assign(new Error(`Cannot log in with ${PLANTED}`), { request: event.payload })
        },
      })
      await send('evt_1')
      await send('evt_2')
      await vi.waitFor(async () => expect(await queue.failures()).toHaveLength(1), within)
      expect(await queue.failures()).toEqual(['Cannot log in with [redacted]'])
      const search = async () => {
        const letters = await queue.deadLetters(sealing(OLD))
        const stored = `${await everythingStored()}\n${JSON.stringify(letters)}\n${inspect(letters, { depth: 20 })}`
        expect(stored).toContain('cold-mail-reseller:evt_2')
        for (const form of [PLANTED, ...base64Of(PLANTED)]) expect(stored).not.toContain(form)
      }
      await search()
      expect(await queue.redrive('all')).toBe(1)
      await search()
      await vi.waitFor(async () => expect(await queue.failures()).toHaveLength(1), within)
      await search()
    })

    it('would show it in plain text, so the search above does find what is there', async () => {
      await receiverOf(queue.handOff({ plaintext: true }))('evt_1')
      expect(await everythingStored()).toContain(PLANTED)
    })
  })
}

/** Returns the parts of a text that stay the same in base64, whatever stands before and after it. */
const base64Of = (text: string) =>
  [0, 1, 2].map((offset) =>
    Buffer.from(' '.repeat(offset) + text)
      .toString('base64')
      .slice(4, -4),
  )
