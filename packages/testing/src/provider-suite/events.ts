import { assert, expect, it } from 'vitest'
import { bodyOf, type Kit, type Sample, START } from './fixture.js'
import type { ProviderUnderTest } from './provider-under-test.js'

const NOBODYS_TYPE = 'nobody.knows.this'

/** Shorter than any window. */
const RETRY_MS = 5000

/** Tests the events of genuine deliveries. */
export function eventsTests(kit: Kit, underTest: ProviderUnderTest): void {
  const { provider, samples, named, signed } = kit
  const { trust, differences = {}, nextAttempt, anotherEvent } = underTest

  /** Keeps the bytes of an unchanged sample, because their hash may be the id. */
  const bodyAfter = ({ payload, body }: Sample, change: ProviderUnderTest['nextAttempt']) =>
    change === undefined ? body : bodyOf(change(payload))

  it('have a sample for each type that has a schema', () => {
    expect(samples.map(({ type }) => type).sort()).toEqual([...provider.types].sort())
  })

  it.each(named)('accepts %s with its type', async (type, { payload, body }) => {
    const { delivery, ...refused } = await kit.receiver().send(signed({ type, body }))
    expect(refused).toEqual({ status: 200 })
    expect(delivery).toMatchObject({ provider: provider.name, trust, id: expect.stringMatching(`^${provider.name}:.`) })
    expect(delivery?.event).toMatchObject({ type, known: true, id: expect.stringMatching('.') })
    expect(delivery?.event.payload).toEqual(payload)
    expect(Buffer.from(delivery?.rawBody() ?? []).equals(body)).toBe(true)
  })

  it.skipIf(differences.noTime !== undefined)('reports the time of the delivery', async () => {
    const sentAt = new Date(START - RETRY_MS)
    expect((await kit.receiver().send(signed({ sentAt }))).delivery?.sentAt).toEqual(sentAt)
  })

  it.skipIf(differences.noEventId !== undefined).each(named)(
    'identifies %s by the native id, not by the hash of its body',
    async (type, { body }) => {
      const { delivery } = await kit.receiver().send(signed({ type, body }))
      expect(delivery?.id).not.toContain(':sha256:')
    },
  )

  it.each(named)('deduplicates a later attempt of %s', async (type, sample) => {
    const { send, clock } = kit.receiver()
    const first = signed({ type, body: sample.body })
    expect((await send(first)).delivery).toBeDefined()
    expect(await send(first)).toMatchObject({ status: 200, duplicate: true })
    clock.advance(RETRY_MS)
    const retry = signed({ type, body: bodyAfter(sample, nextAttempt), sentAt: new Date(clock.now()) })
    expect(await send(retry)).toMatchObject({ status: 200, duplicate: true })
  })

  it.each(named)('accepts the next %s about the same entity as another event', async (type, sample) => {
    const { send } = kit.receiver()
    const first = await send(signed({ type, body: sample.body }))
    const next = await send(signed({ type, id: 'msg_2', body: bodyAfter(sample, anotherEvent) }))
    expect(next.delivery, 'what anotherEvent makes, or another id in a header').toBeDefined()
    expect(next.delivery?.id).not.toBe(first.delivery?.id)
  })

  it.each(named)('accepts %s with unknown fields and other spacing', async (type, { payload }) => {
    const body = Buffer.from(JSON.stringify({ ...payload, 'planted field': 'Grüße, 世界 🎉 $& {body}' }, null, 4))
    const { delivery, ...refused } = await kit.receiver().send(signed({ type, body }))
    expect(refused).toEqual({ status: 200 })
    expect(delivery?.event.type).toBe(type)
    expect(delivery?.event.payload).toEqual(JSON.parse(body.toString()))
  })

  it.each(named)('delivers an unknown type in the form of %s as unknown', async (type, { payload }) => {
    const renamed = JSON.stringify(payload, (_name, value) => (value === type ? NOBODYS_TYPE : value))
    const sent = signed({ type: NOBODYS_TYPE, body: Buffer.from(renamed) })
    const isRenamed = [renamed, ...Object.values(sent.headers)].some((text) => text.includes(NOBODYS_TYPE))
    assert(isRenamed, 'the type stands in the payload, or sign() writes it into a header')
    const { delivery, ...refused } = await kit.receiver().send(sent)
    expect(refused).toEqual({ status: 200 })
    expect(delivery?.event).toMatchObject({ type: 'unknown', name: NOBODYS_TYPE, known: false })
  })
}
