import { dispatch, memoryStore, openMail, type ReceiverOptions } from '@mailbox-hooks/core'
import { TICKET_HEADER } from '@mailbox-hooks/core/journal'
import { describe, expect, it, vi } from 'vitest'
import { durableJournal, mail, settled } from '../journal/journaled.js'
import { custom } from '../providers/custom.js'
import { receive } from '../request.js'
import { freezeTime, sent } from '../sent-now.js'
import { verdict } from '../verdict.js'
import { mac, request, SENT, setUp } from './acme.js'

describe('a delivery', () => {
  freezeTime()

  it.each([
    [199, 'failed'],
    [200, 'handled'],
    [299, 'handled'],
    [300, 'failed'],
  ])('that is answered %i is %s', async (status, kind) => {
    const { receiver, outcomes } = setUp()
    const reception = await receive(receiver, SENT)
    if (reception.answer !== undefined) return expect.unreachable()
    await vi.advanceTimersByTimeAsync(1_234)
    expect(await reception.settle(status)).toBeUndefined()
    await reception.settle(200)
    expect(outcomes).toMatchObject([{ kind, status, durationMs: 1_234, settled: true }])
    expect(outcomes[0]?.rawBody).toBeUndefined()
    expect(outcomes).toHaveLength(1)
  })

  it('was left to nobody where the map has no function for it, and the outcome says so', async () => {
    const { receiver, outcomes } = setUp({ providers: [openMail({ secrets: ['key'] })] })
    for (const [index, handlers] of [{}, { otherwise: () => 1 }].entries()) {
      const reception = await receive(receiver, sent(`evt_${index}`))
      if (reception.answer !== undefined) return expect.unreachable()
      await dispatch(reception.delivery, handlers as never)
      await reception.settle(200)
    }
    expect(outcomes.map(({ handledBy }) => handledBy)).toEqual(['nobody', undefined])
  })

  it('has the time of its receipt where the provider gives none', async () => {
    const { receiver } = setUp()
    const reception = await receive(receiver, SENT)
    if (reception.answer !== undefined) return expect.unreachable()
    expect(reception.delivery.sentAt).toEqual(new Date())
    expect('replayed' in reception.delivery).toBe(false)
  })

  it('is told by its age where only its body says the time', async () => {
    const provider = custom({
      signature: { header: 'x-acme', secrets: ['key'], readings: [{ content: ['body'] }] },
      timestamp: { field: 'time', format: 'unix-seconds', maxAgeSeconds: 60, maxAheadSeconds: 60 },
    })
    const body = JSON.stringify({ time: Date.now() / 1000 - 61 })
    const outcome = await verdict(
      provider,
      { headers: { 'x-acme': mac(body) }, body },
      { leaseMs: 5_000, retentionMs: 200_000 },
    )
    expect(outcome).toMatchObject({ code: 'timestamp_invalid', ageMs: 61_000, provider: 'acme' })
    expect(String(outcome.rawBody?.())).toBe(body)
  })
})

describe('a delivery that was accepted', () => {
  it('is known to its receiver, and to no other', async () => {
    const [{ receiver }, { receiver: other }] = [setUp(), setUp()]
    const reception = await receive(receiver, SENT)
    if (reception.answer !== undefined) return expect.unreachable()
    const { delivery } = reception
    expect([receiver.hasAccepted(delivery), other.hasAccepted(delivery)]).toEqual([true, false])
    for (const value of [null, undefined, 'text', () => {}, {}, { ...delivery }, Object.create(delivery)]) {
      expect(receiver.hasAccepted(value)).toBe(false)
    }
    await reception.settle(200)
  })
})

describe('a delivery that is handled although the store is down', () => {
  const claim = () => Promise.reject(new Error('down'))
  const options = { store: Object.assign(memoryStore(), { claim }), handleWhenStoreIsDown: true }

  it.each([
    [200, 'handled'],
    [500, 'failed'],
  ])('and answered %i is %s, and the store does not hear of it', async (status, kind) => {
    const { receiver, outcomes } = setUp(options)
    const reception = await receive(receiver, SENT)
    if (reception.answer !== undefined) return expect.unreachable()
    expect(await reception.settle(status)).toBeUndefined()
    expect(outcomes).toMatchObject([{ kind, status, settled: false }])
  })

  it.each<[string, () => Promise<unknown>, number, object]>([
    ['queued, where the queue takes it', async () => {}, 200, { kind: 'queued', settled: false }],
    [
      'refused, where the queue does not',
      () => Promise.reject(new Error('READONLY')),
      503,
      { kind: 'rejected', code: 'hand_off_failed' },
    ],
  ])('is %s', async (_how, handOff, status, outcome) => {
    const { receiver, outcomes } = setUp({ ...options, handOff })
    expect((await receive(receiver, SENT)).answer?.status).toBe(status)
    expect(outcomes).toMatchObject([outcome])
  })
})

describe('a delivery in a journal', () => {
  const entryOf = async (journal: ReturnType<typeof durableJournal>) => {
    await settled()
    return journal.entry('openmail:evt_1')
  }
  const withJournal = (options: Partial<ReceiverOptions> = {}) => {
    const journal = durableJournal()
    return { journal, receiver: setUp({ providers: [openMail({ secrets: ['key'] })], journal, ...options }).receiver }
  }

  it('that failed has the error that the adapter noted', async () => {
    const { journal, receiver } = withJournal()
    const reception = await receive(receiver, mail('evt_1'))
    if (reception.answer !== undefined) return expect.unreachable()
    reception.fail(new RangeError('too far'))
    await reception.settle(500)
    expect(await entryOf(journal)).toMatchObject({
      state: 'failed',
      attempts: [{ kind: 'failed', status: 500, error: { name: 'RangeError', message: 'too far' } }],
    })
  })

  it.each<[string, () => Promise<unknown>, { readonly state: string; readonly attempts: readonly object[] }]>([
    ['took it is queued', async () => {}, { state: 'queued', attempts: [{ kind: 'queued', status: 200 }] }],
    [
      'refused it has failed',
      () => Promise.reject(new Error('READONLY')),
      { state: 'failed', attempts: [{ kind: 'failed', status: 503, code: 'hand_off_failed' }] },
    ],
  ])('whose queue %s', async (_how, handOff, entry) => {
    const { journal, receiver } = withJournal({ handOff })
    await receive(receiver, mail('evt_1'))
    expect(await entryOf(journal)).toMatchObject(entry)
    if (entry.state === 'queued') expect(await entryOf(journal)).not.toHaveProperty('nextAttemptAt')
  })

  it('that is replayed into the queue of the journal is worked off at once', async () => {
    const { journal, receiver } = withJournal()
    const reception = await receive(receiver, mail('evt_1'))
    if (reception.answer === undefined) await reception.settle(500)
    const queueing = setUp({ providers: [openMail({ secrets: ['key'] })], journal, handOff: journal.handOff })
    const ticket = await journal.ticket('openmail:evt_1')
    const { answer } = await receive(queueing.receiver, { headers: { [TICKET_HEADER]: ticket }, body: '' })
    expect([answer?.status, answer?.body]).toEqual([200, '{"received":true,"queued":true}'])
    expect(queueing.outcomes).toMatchObject([{ kind: 'queued', settled: true }])
    expect(await entryOf(journal)).toMatchObject({
      state: 'queued',
      attempts: [{ kind: 'failed' }, { kind: 'queued', status: 200, source: 'replay' }],
    })
    const worker = journal.work(() => {})
    await vi.waitFor(async () => expect(await journal.entry('openmail:evt_1')).toMatchObject({ state: 'handled' }))
    await worker.stop()
  })
})

describe('a question', () => {
  it('is told by its provider, and is no delivery', async () => {
    const provider = custom({ account: 'eu', handshakes: [{ method: 'GET', query: 'challenge' }] })
    const { receiver, outcomes } = setUp({ providers: [provider] })
    const { answer } = await receiver.receive(
      request({ method: 'GET', header: () => undefined, url: '/?challenge=abc' }),
    )
    expect([answer?.status, answer?.body]).toEqual([200, 'abc'])
    expect(outcomes).toMatchObject([{ kind: 'handshake', status: 200, provider: 'acme', account: 'eu' }])
  })
})
