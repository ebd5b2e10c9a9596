import { assert, expect, it } from 'vitest'
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
  const { provider, signed } = kit
  // A later attempt may be in time, so a provider that does not retry after a 4xx gets a 503.
  const status = provider.retries.clientErrorsAreFinal ? 503 : 401

  const sentAgo = (seconds: number): Sent => signed({ sentAt: new Date(START - seconds * 1000) })

  it.each([
    ['as old as it may be', maxAgeSeconds],
    ['as far ahead as it may be', -maxAheadSeconds],
  ])('takes a delivery that is %s', async (_what, seconds) => {
    expect((await kit.receiver().send(sentAgo(seconds))).delivery).toBeDefined()
  })

  it.each([
    ['one second older than it may be', maxAgeSeconds + 1],
    ['a year old', 365 * 86_400],
    ['one second further ahead than it may be', -maxAheadSeconds - 1],
    ['a year ahead', -365 * 86_400],
  ])('refuses a delivery that is %s', async (_what, seconds) => {
    const { send, outcomes } = kit.receiver()
    expect(await send(sentAgo(seconds))).toEqual({ status, error: 'timestamp_invalid', received: false })
    expect(outcomes).toMatchObject([{ kind: 'rejected', code: 'timestamp_invalid', ageMs: seconds * 1000 }])
  })

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
    expect(await kit.receiver().send(withTime(() => undefined))).toMatchObject({ status, error: 'timestamp_invalid' })
  })

  it.each(NO_TIMES)('refuses the time %j', async (time) => {
    expect(await kit.receiver().send(withTime(() => time))).toMatchObject({ status, error: 'timestamp_invalid' })
  })

  it.each([',', ', '])('refuses two times, joined by %j', async (comma) => {
    const twice = withTime((time) => time + comma + time)
    expect(await kit.receiver().send(twice)).toMatchObject({ status: 401, error: 'signature_invalid' })
  })
}
