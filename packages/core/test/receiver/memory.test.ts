import { coldMailReseller, createReceiver, inboxKit, memoryStore, openMail, type Provider } from '@mailbox-hooks/core'
import { signedDelivery, testClock } from '@mailbox-hooks/testing'
import { describe, expect, it } from 'vitest'
import { receive, type Sent } from '../request.js'

const START = 1_767_225_600_000
const secrets = ['key']
const body = '{"event":"nobody.knows","data":{}}'

/** A CMR request without an event id, signed together with its time. */
const captured = (at: number): Sent =>
  signedDelivery('cold-mail-reseller', 'mailbox.created', { secret: 'key', body, at, reading: 'timestamp.body' })

/** How often a request is handled that is sent again and again, every ten seconds, for half an hour. */
async function timesHandled(provider: Provider, sent: Sent): Promise<number> {
  const clock = testClock(START)
  const receiver = createReceiver({ providers: [provider], store: memoryStore({ now: clock.now }), now: clock.now })
  let count = 0
  for (let round = 0; round < 180; round++) {
    const reception = await receive(receiver, sent)
    if (reception.answer === undefined) {
      count += 1
      await reception.settle(200)
    }
    clock.advance(10_000)
  }
  return count
}

describe('an event without an id', () => {
  it.each<[string, object, number]>([
    ['with a long window', { maxAgeSeconds: 900 }, START],
    ["with defaults, from a sender's clock that is ahead", {}, START + 200_000],
    ['with defaults, from as far ahead as it may come', {}, START + 300_000],
    ['with a long tolerance ahead', { maxAheadSeconds: 1200 }, START + 1_200_000],
  ])('is handled once while its request is within the window: %s', async (_case, options, at) => {
    expect(await timesHandled(coldMailReseller({ secrets, ...options }), captured(at))).toBe(1)
  })

  it('names one job, in spans no shorter than the window', async () => {
    const jobs: { jobId: string; keepMs: number }[] = []
    const clock = testClock(Math.ceil(START / 1_201_000) * 1_201_000)
    const sent = captured(clock.now())
    const receiver = createReceiver({
      providers: [coldMailReseller({ secrets, maxAgeSeconds: 900 })],
      now: clock.now,
      handOff: async (_delivery, terms) => {
        jobs.push(terms)
        throw new Error('The queue may have it all the same')
      },
    })
    await receive(receiver, sent)
    clock.advance(900_000)
    await receive(receiver, sent)
    expect(jobs.map(({ keepMs }) => keepMs)).toEqual([1_201_000, 1_201_000])
    expect(jobs[0]?.jobId).toBe(jobs[1]?.jobId)
  })
})

describe('a retention that is shorter than the window', () => {
  const DAYS_30 = 30 * 24 * 3600
  it.each<[string, Provider, object]>([
    ['OpenMail with the default', openMail({ secrets, maxAgeSeconds: DAYS_30 }), {}],
    ['OpenMail from ahead', openMail({ secrets, maxAheadSeconds: DAYS_30 }), {}],
    ['Cold Mail Reseller', coldMailReseller({ secrets, maxAgeSeconds: 1000 }), { retentionMs: 1_300_000 }],
    ['InboxKit', inboxKit({ secrets }), { retentionMs: 86_400_000 }],
  ])('is refused at start: %s', (_case, provider, options) => {
    const create = () => createReceiver({ providers: [provider], ...options })
    expect(create).toThrow(TypeError)
    expect(create).toThrow(/retentionMs \(\d+\) must be at least as long as a delivery of .* is taken/)
  })

  it('is not one that is as long', () => {
    expect(() => createReceiver({ providers: [inboxKit({ secrets })], retentionMs: 86_701_000 })).not.toThrow()
  })
})
