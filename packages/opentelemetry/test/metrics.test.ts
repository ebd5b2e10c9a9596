import { describe, expect, it } from 'vitest'

import { messageReceived, SECRET, setUp } from './traced.js'

describe('the metrics', () => {
  it('count deliveries by outcome and code', async () => {
    const { send, metrics } = await setUp()
    await send()
    await send()
    await send()
    await send(messageReceived('guessed'))
    const points = (await metrics())['mailbox_hooks.deliveries']!
    const counts = points.map(({ attributes, value }) => [
      attributes['mailbox_hooks.outcome'],
      attributes['error.type'],
      value,
    ])
    expect(counts).toEqual([
      ['handled', undefined, 1],
      ['duplicate', undefined, 2],
      ['rejected', 'signature_invalid', 1],
    ])
  })

  it('measure handlers in seconds, without what is not theirs', async () => {
    const { send, metrics } = await setUp({}, async (_req, res) => {
      await new Promise((resolve) => setTimeout(resolve, 30))
      res.json({})
    })
    await send()
    await send()
    const points = (await metrics())['messaging.process.duration']!
    expect(points).toMatchObject([{ attributes: { 'mailbox_hooks.outcome': 'handled' }, value: { count: 1 } }])
    const { sum } = points[0]!.value as { sum: number }
    expect(sum).toBeGreaterThan(0.025)
    expect(sum).toBeLessThan(5)
  })

  it('measure the age of what is authentic, and of nothing else', async () => {
    const { send, metrics } = await setUp()
    await send(messageReceived(SECRET, Date.now() - 60_000))
    await send(messageReceived('guessed', Date.now() - 90_000))
    const points = (await metrics())['mailbox_hooks.delivery.age']!
    expect(points).toMatchObject([{ value: { count: 1 } }])
    expect((points[0]!.value as { sum: number }).sum).toBeCloseTo(60, -1)
  })

  it('know no time before the sending, though the clocks differ', async () => {
    const { send, metrics } = await setUp()
    await send(messageReceived(SECRET, Date.now() + 60_000))
    expect((await metrics())['mailbox_hooks.delivery.age']).toMatchObject([{ value: { count: 1, sum: 0 } }])
  })
})
