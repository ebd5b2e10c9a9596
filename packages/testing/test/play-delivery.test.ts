import { describe, expect, it } from 'vitest'
import { playDelivery, type SignedDelivery, testClock } from '../src/index.js'

const secret = 'test-key'
const START = Date.parse('2026-03-01T09:00:00Z')

/** A receiver that answers with these statuses, one after the other. */
function answering(...statuses: number[]) {
  const received: SignedDelivery[] = []
  return {
    received,
    send: async (delivery: SignedDelivery) => {
      received.push(delivery)
      return { status: statuses.shift() ?? 200 }
    },
  }
}

describe('playDelivery', () => {
  it('stops at the first 2xx', async () => {
    const { send } = answering(500, 204)
    const playback = await playDelivery('cold-mail-reseller', 'mailbox.created', {
      secret,
      send,
      clock: testClock(START),
    })
    expect(playback).toEqual({
      acknowledged: true,
      attempts: [
        { attempt: 1, atMs: START, status: 500 },
        { attempt: 2, atMs: START + 30_000, status: 204 },
      ],
    })
  })

  it.each([
    ['cold-mail-reseller', 'mailbox.created', [0, 30, 330]],
    ['openmail', 'message.received', [0, 30, 90, 210, 450]],
    ['inboxkit', 'mailbox.status_changed', [0, 30, 90, 210]],
  ] as const)('%s gives up after its last attempt', async (provider, event, seconds) => {
    const { send } = answering(...seconds.map(() => 503))
    const playback = await playDelivery(provider, event as never, { secret, send, clock: testClock(START) })
    expect(playback.acknowledged).toBe(false)
    expect(playback.attempts.map(({ atMs }) => (atMs - START) / 1000)).toEqual(seconds)
  })

  it('gives up on a 4xx where the provider does', async () => {
    const options = () => ({ secret, clock: testClock(START), send: answering(422).send })
    const inboxKit = await playDelivery('inboxkit', 'mailbox.status_changed', options())
    expect(inboxKit).toMatchObject({ acknowledged: false, attempts: [{ status: 422 }] })
    const openMail = await playDelivery('openmail', 'message.received', options())
    expect(openMail).toMatchObject({ acknowledged: true, attempts: [{ status: 422 }, { status: 200 }] })
  })

  it('signs each attempt anew, and counts them where the provider does', async () => {
    const { send, received } = answering(500, 500)
    await playDelivery('openmail', 'message.received', { secret, send, clock: testClock(START) })
    expect(received.map(({ body }) => JSON.parse(body).attempt)).toEqual([1, 2, 3])
    expect(new Set(received.map(({ headers }) => headers['x-signature'])).size).toBe(3)
    expect(new Set(received.map(({ headers }) => headers['x-event-id'])).size).toBe(1)
  })

  it('takes a rejection for no answer, and a statusCode for a status', async () => {
    const refused = new Error('connection refused')
    const playback = await playDelivery('openmail', 'pod.suspended', {
      secret,
      clock: testClock(START),
      send: async (_delivery, attempt) => (attempt === 1 ? Promise.reject(refused) : { statusCode: 200 }),
    })
    expect(playback.attempts).toMatchObject([{ status: undefined, error: refused }, { status: 200 }])
  })

  it('knows its options by their names', async () => {
    const { send } = answering()
    await expect(
      playDelivery('openmail', 'pod.suspended', { secret, send, clok: testClock(START) } as never),
    ).rejects.toThrow('playDelivery: there is no option clok; do you mean clock?')
  })

  it('waits a thousandth of the time without a clock', async () => {
    const startedAt = performance.now()
    await playDelivery('cold-mail-reseller', 'mailbox.created', { secret, send: answering(500, 500).send })
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(325)
  })
})
