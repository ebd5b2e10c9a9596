import { describe } from 'vitest'
import { credentialsTests } from './credentials.js'
import { eventsTests } from './events.js'
import { kitFor } from './fixture.js'
import { payloadsTests } from './payloads.js'
import type { ProviderUnderTest } from './provider-under-test.js'
import { secretsTests } from './secrets.js'
import { signaturesTests } from './signatures.js'
import { timesTests } from './times.js'

/**
 * Tests a provider through the receiver: which deliveries are accepted, with which type, and which are refused or
 * duplicates. Call it at the top of a vitest file. It defines its own `describe` blocks.
 *
 * It cannot test that `sign` and the samples are right: compare them with the provider's documents and real deliveries.
 *
 * @example
 * providerSuite({
 *   name: 'acme',
 *   provider: (secrets) => acme({ secrets }),
 *   sign: ({ body, sentAt, secret }) => {
 *     const time = String(Math.floor(sentAt.getTime() / 1000))
 *     const signature = createHmac('sha256', secret).update(`${time}.`).update(body).digest('hex')
 *     return { 'x-acme-time': time, 'x-acme-signature': signature }
 *   },
 *   samples: { 'order.paid': { type: 'order.paid', id: 'evt_1' } },
 *   trust: 'body+timestamp',
 *   anotherEvent: (payload) => ({ ...payload, id: 'evt_2' }),
 * })
 */
export function providerSuite(underTest: ProviderUnderTest): void {
  const kit = kitFor(underTest)
  describe(`${underTest.name}: events`, () => eventsTests(kit, underTest))
  describe(`${underTest.name}: signatures`, () => signaturesTests(kit, underTest))
  describe(`${underTest.name}: secrets`, () => secretsTests(kit, underTest))
  describe.skipIf(underTest.differences?.noTime !== undefined)(`${underTest.name}: times`, () =>
    timesTests(kit, underTest),
  )
  describe(`${underTest.name}: payloads`, () => payloadsTests(kit))
  describe(`${underTest.name}: credentials`, () => credentialsTests(kit, underTest))
}
