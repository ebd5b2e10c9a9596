import assert from 'node:assert/strict'
import { assertMatches } from './assert-matches.js'
import { bodyOf, type Kit, type Sample, START } from './fixture.js'
import type { ProviderUnderTest } from './provider-under-test.js'

const NOBODYS_TYPE = 'nobody.knows.this'

/** Shorter than any window. */
const RETRY_MS = 5000

/** Tests the events of genuine deliveries. */
export function eventsTests(kit: Kit, underTest: ProviderUnderTest): void {
  const { it } = kit.runner
  const { provider, samples, signed } = kit
  const { trust, differences = {}, nextAttempt, anotherEvent } = underTest

  /** Keeps the bytes of an unchanged sample, because their hash may be the id. */
  const bodyAfter = ({ payload, body }: Sample, change: ProviderUnderTest['nextAttempt']) =>
    change === undefined ? body : bodyOf(change(payload))

  it('have a sample for each type that has a schema', () => {
    assert.deepEqual(samples.map(({ type }) => type).sort(), [...provider.types].sort())
  })

  const itTellsTime = differences.noTime === undefined ? it : it.skip
  itTellsTime('reports the time of the delivery', async () => {
    const sentAt = new Date(START - RETRY_MS)
    assert.deepEqual((await kit.receiver().send(signed({ sentAt }))).delivery?.sentAt, sentAt)
  })

  const itHasIds = differences.noEventId === undefined ? it : it.skip
  for (const sample of samples) {
    const { type, payload, body } = sample

    it(`accepts ${type} with its type`, async () => {
      const { delivery, ...refused } = await kit.receiver().send(signed({ type, body }))
      assert.deepEqual(refused, { status: 200 })
      assert(delivery)
      assertMatches(delivery, { provider: provider.name, trust })
      assert(delivery.id.startsWith(`${provider.name}:`), 'the id of the delivery begins with the provider')
      assertMatches(delivery.event, { type, known: true, id: /./ })
      assert.deepEqual(delivery.event.payload, payload)
      assert(Buffer.from(delivery.rawBody()).equals(body), 'rawBody() returns the bytes')
    })

    itHasIds(`identifies ${type} by the native id, not by the hash of its body`, async () => {
      const { delivery } = await kit.receiver().send(signed({ type, body }))
      assert.doesNotMatch(delivery?.id ?? '', /:sha256:/)
    })

    it(`deduplicates a later attempt of ${type}`, async () => {
      const { send, clock } = kit.receiver()
      const first = signed({ type, body })
      assert((await send(first)).delivery)
      assertMatches(await send(first), { status: 200, duplicate: true })
      clock.advance(RETRY_MS)
      const retry = signed({ type, body: bodyAfter(sample, nextAttempt), sentAt: new Date(clock.now()) })
      assertMatches(await send(retry), { status: 200, duplicate: true })
    })

    it(`accepts the next ${type} about the same entity as another event`, async () => {
      const { send } = kit.receiver()
      const first = await send(signed({ type, body }))
      const next = await send(signed({ type, id: 'msg_2', body: bodyAfter(sample, anotherEvent) }))
      assert(next.delivery, 'what anotherEvent makes, or another id in a header')
      assert.notEqual(next.delivery.id, first.delivery?.id)
    })

    it(`accepts ${type} with unknown fields and other spacing`, async () => {
      const text = JSON.stringify({ ...payload, 'planted field': 'Grüße, 世界 🎉 $& {body}' }, null, 4)
      const { delivery, ...refused } = await kit.receiver().send(signed({ type, body: Buffer.from(text) }))
      assert.deepEqual(refused, { status: 200 })
      assert.equal(delivery?.event.type, type)
      assert.deepEqual(delivery?.event.payload, JSON.parse(text))
    })

    it(`delivers an unknown type in the form of ${type} as unknown`, async () => {
      const renamed = JSON.stringify(payload, (_name, value) => (value === type ? NOBODYS_TYPE : value))
      const sent = signed({ type: NOBODYS_TYPE, body: Buffer.from(renamed) })
      const isRenamed = [renamed, ...Object.values(sent.headers)].some((text) => text.includes(NOBODYS_TYPE))
      assert(isRenamed, 'the type stands in the payload, or sign() writes it into a header')
      const { delivery, ...refused } = await kit.receiver().send(sent)
      assert.deepEqual(refused, { status: 200 })
      assertMatches(delivery?.event, { type: 'unknown', name: NOBODYS_TYPE, known: false })
    })
  }
}
