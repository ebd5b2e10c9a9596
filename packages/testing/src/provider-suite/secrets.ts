import { inspect } from 'node:util'
import { expect, it } from 'vitest'
import type { Kit } from './fixture.js'
import type { ProviderUnderTest } from './provider-under-test.js'

/** Tests the handling of secrets. */
export function secretsTests(kit: Kit, underTest: ProviderUnderTest): void {
  const [secret, second] = kit.secrets

  it('verifies with each of two secrets, so that one can be rotated', async () => {
    for (const secrets of [
      [secret, second],
      [second, secret],
    ]) {
      const providers = [underTest.provider(secrets)]
      for (const one of secrets) {
        expect((await kit.receiver({ providers }).send(kit.signed({ secret: one }))).delivery).toBeDefined()
      }
    }
  })

  it.each([
    ['no secret', []],
    ['an empty secret', ['']],
    ['a secret that is not set', [undefined]],
    ['one of two secrets that is not set', [secret, undefined]],
  ])('does not start with %s', (_what, secrets) => {
    // As read from the environment, without a type check.
    expect(() => underTest.provider(secrets as string[])).toThrow(TypeError)
  })

  it('prints neither secrets nor signatures', async () => {
    const { send, outcomes } = kit.receiver()
    const sent = kit.signed()
    const { delivery } = await send(sent)
    await send({ ...sent, body: Buffer.from('{}') })
    const things = [kit.provider, delivery, outcomes]
    const printed = JSON.stringify(things) + inspect(things, { depth: 20, showHidden: true })
    expect(printed).not.toContain(secret)
    expect(printed).not.toContain(sent.headers[kit.provider.signatureHeader])
  })
}
