import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import type { Kit } from './fixture.js'
import type { ProviderUnderTest } from './provider-under-test.js'

/** Tests the handling of secrets. */
export function secretsTests(kit: Kit, underTest: ProviderUnderTest): void {
  const { it } = kit.runner
  const [secret, second] = kit.secrets

  it('verifies with each of two secrets, so that one can be rotated', async () => {
    for (const secrets of [
      [secret, second],
      [second, secret],
    ]) {
      const providers = [underTest.provider(secrets)]
      for (const one of secrets) {
        assert((await kit.receiver({ providers }).send(kit.signed({ secret: one }))).delivery)
      }
    }
  })

  const unset = {
    'no secret': [],
    'an empty secret': [''],
    'a secret that is not set': [undefined],
    'one of two secrets that is not set': [secret, undefined],
  }
  for (const [what, secrets] of Object.entries(unset)) {
    it(`does not start with ${what}`, () => {
      // As read from the environment, without a type check.
      assert.throws(() => underTest.provider(secrets as string[]), TypeError)
    })
  }

  it('prints neither secrets nor signatures', async () => {
    const { send, outcomes } = kit.receiver()
    const sent = kit.signed()
    const { delivery } = await send(sent)
    await send({ ...sent, body: Buffer.from('{}') })
    const things = [kit.provider, delivery, outcomes]
    const printed = JSON.stringify(things) + inspect(things, { depth: 20, showHidden: true })
    assert(!printed.includes(secret), 'the secret is not printed')
    const signature = sent.headers[kit.provider.signatureHeader] ?? ''
    assert(signature !== '' && !printed.includes(signature), 'the signature is not printed')
  })
}
