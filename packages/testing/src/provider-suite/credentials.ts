import { inspect } from 'node:util'
import { expect, it } from 'vitest'
import { PLANTED } from './changed-fields.js'
import { bodyOf, type Kit } from './fixture.js'
import type { ProviderUnderTest } from './provider-under-test.js'

/** Tests the printed form of a delivery. */
export function credentialsTests(kit: Kit, { credentials = [] }: ProviderUnderTest): void {
  const names = new Set(['password', ...credentials, ...kit.provider.credentials])

  it.each([...names])('redacts %s when printed, and keeps it in the payload', async (name) => {
    for (const { type, payload } of kit.samples) {
      const body = bodyOf({ ...payload, [name]: PLANTED, planted: [{ [name]: PLANTED }] })
      const { send, outcomes } = kit.receiver({ invalid: 'deliver' })
      const { delivery } = await send(kit.signed({ type, body }))
      expect(delivery?.event.payload).toMatchObject({ [name]: PLANTED, planted: [{ [name]: PLANTED }] })
      for (const thing of [delivery, delivery?.event, outcomes]) {
        expect(JSON.stringify(thing)).not.toContain(PLANTED)
        expect(inspect(thing, { depth: 20, showHidden: true })).not.toContain(PLANTED)
      }
    }
  })
}
