import assert from 'node:assert/strict'
import { assertMatches } from './assert-matches.js'
import { type Kit, type Sent, START } from './fixture.js'
import type { ProviderUnderTest } from './provider-under-test.js'

const NO_TIMES = [
  '',
  'NaN',
  '1e9',
  '-1',
  '0x6553f100',
  '1700000000abc',
  '17000000001700000000',
  'yesterday',
  '2026-13-01',
]

/** Tests the window. */
export function timesTests(kit: Kit, { maxAgeSeconds = 300, maxAheadSeconds = 300 }: ProviderUnderTest): void {
  const { it } = kit.runner
  const { provider, signed } = kit
  // A later attempt may be in time, so a provider that does not retry after a 4xx gets a 503.
  const status = provider.retries.clientErrorsAreFinal ? 503 : 401

  const sentAgo = (seconds: number): Sent => signed({ sentAt: new Date(START - seconds * 1000) })

  const inside = { 'as old as it may be': maxAgeSeconds, 'as far ahead as it may be': -maxAheadSeconds }
  for (const [what, seconds] of Object.entries(inside)) {
    it(`takes a delivery that is ${what}`, async () => {
      assert((await kit.receiver().send(sentAgo(seconds))).delivery)
    })
  }

  const outside = {
    'one second older than it may be': maxAgeSeconds + 1,
    'a year old': 365 * 86_400,
    'one second further ahead than it may be': -maxAheadSeconds - 1,
    'a year ahead': -365 * 86_400,
  }
  for (const [what, seconds] of Object.entries(outside)) {
    it(`refuses a delivery that is ${what}`, async () => {
      const { send, outcomes } = kit.receiver()
      assert.deepEqual(await send(sentAgo(seconds)), { status, error: 'timestamp_invalid', received: false })
      assertMatches(outcomes, [{ kind: 'rejected', code: 'timestamp_invalid', ageMs: seconds * 1000 }])
    })
  }

  /** Sends the genuine delivery with another time, signed or not. */
  const withTime = (change: (time: string) => string | undefined): Sent => {
    const { headers, body } = signed()
    const { timestampHeader } = provider
    assert(timestampHeader !== undefined, 'the provider has a time header')
    const { [timestampHeader]: time = '', ...others } = headers
    const changed = change(time)
    return { headers: changed === undefined ? others : { ...others, [timestampHeader]: changed }, body }
  }

  it('refuses a delivery without a time', async () => {
    assertMatches(await kit.receiver().send(withTime(() => undefined)), { status, error: 'timestamp_invalid' })
  })

  for (const time of NO_TIMES) {
    it(`refuses the time ${JSON.stringify(time)}`, async () => {
      assertMatches(await kit.receiver().send(withTime(() => time)), { status, error: 'timestamp_invalid' })
    })
  }

  for (const comma of [',', ', ']) {
    it(`refuses two times, joined by ${JSON.stringify(comma)}`, async () => {
      const twice = withTime((time) => time + comma + time)
      assertMatches(await kit.receiver().send(twice), { status: 401, error: 'signature_invalid' })
    })
  }
}
