import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import { assertMatches } from './assert-matches.js'
import { PLANTED } from './changed-fields.js'
import { bodyOf, type Kit } from './fixture.js'
import type { ProviderUnderTest } from './provider-under-test.js'

/** Tests the printed form of a delivery. */
export function credentialsTests(kit: Kit, { credentials = [] }: ProviderUnderTest): void {
  const { it } = kit.runner
  const names = new Set(['password', ...credentials, ...kit.provider.credentials])

  for (const name of names) {
    it(`redacts ${name} when printed, and keeps it in the payload`, async () => {
      for (const { type, payload } of kit.samples) {
        const planted = { [name]: PLANTED, planted: [{ [name]: PLANTED }] }
        const { send, outcomes } = kit.receiver({ invalid: 'deliver' })
        const { delivery } = await send(kit.signed({ type, body: bodyOf({ ...payload, ...planted }) }))
        assertMatches(delivery?.event.payload, planted)
        for (const thing of [delivery, delivery?.event, outcomes]) {
          const printed = JSON.stringify(thing) + inspect(thing, { depth: 20, showHidden: true })
          assert(!printed.includes(PLANTED), `${name} is not printed`)
        }
      }
    })
  }
}
