import assert from 'node:assert/strict'
import { assertMatches } from './assert-matches.js'
import { type Kit, type Sent, START } from './fixture.js'
import type { ProviderUnderTest } from './provider-under-test.js'
import { wrongForms } from './wrong-forms.js'

const REFUSED = { status: 401, error: 'signature_invalid', received: false }

/** Tests the form and the content of signatures. */
export function signaturesTests(kit: Kit, underTest: ProviderUnderTest): void {
  const { it } = kit.runner
  const { provider, secrets, signed } = kit
  const { trust, differences = {} } = underTest
  const { signatureHeader, timestampHeader } = provider
  const genuine = signed()
  const signature = genuine.headers[signatureHeader] ?? ''

  const withHeader = (name: string, value: string): Sent => ({
    ...genuine,
    headers: { ...genuine.headers, [name]: value },
  })
  const assertRefused = async (sent: Sent) => {
    const { send, outcomes } = kit.receiver()
    assert.deepEqual(await send(sent), REFUSED)
    assertMatches(outcomes, [{ kind: 'rejected' }])
  }

  it('refuses a delivery without a signature', async () => {
    const { [signatureHeader]: _, ...headers } = genuine.headers
    await assertRefused({ ...genuine, headers })
  })

  it('refuses the signature of another secret', () => assertRefused(signed({ secret: secrets[1] })))

  for (const [what, value] of wrongForms(signature, differences)) {
    it(`refuses a signature ${what}`, () => assertRefused(withHeader(signatureHeader, value)))
  }

  const { separator } = differences.severalSignatures ?? {}
  if (separator === undefined) {
    for (const comma of [',', ', ']) {
      const both = signature + comma + signature
      it(`refuses two signature headers, joined by ${JSON.stringify(comma)}`, () =>
        assertRefused(withHeader(signatureHeader, both)))
    }
  } else {
    it('accepts one good signature among several, and refuses several bad ones', async () => {
      const wrong = signed({ secret: secrets[1] }).headers[signatureHeader]
      for (const both of [wrong + separator + signature, signature + separator + wrong]) {
        assert((await kit.receiver().send(withHeader(signatureHeader, both))).delivery)
      }
      await assertRefused(withHeader(signatureHeader, wrong + separator + wrong))
    })
  }

  const itSignsBodies = trust === 'sender' ? it.skip : it
  itSignsBodies('refuses a body with one byte changed, removed or added', async () => {
    const { body } = genuine
    const last = body.length - 1
    for (const at of [0, 1, Math.floor(last / 2), last - 1, last]) {
      const flipped = Buffer.from(body)
      flipped[at] = (flipped[at] ?? 0) ^ 1
      await assertRefused({ ...genuine, body: flipped })
    }
    await assertRefused({ ...genuine, body: body.subarray(0, last) })
    await assertRefused({ ...genuine, body: Buffer.concat([body, Buffer.from('\n')]) })
    await assertRefused({ ...genuine, body: Buffer.alloc(0) })
  })

  const itSignsTimes = trust === 'body+timestamp' ? it : it.skip
  itSignsTimes('refuses a time that differs from the signed one', async () => {
    assert(timestampHeader !== undefined, 'the provider has a time header')
    const { headers } = signed({ sentAt: new Date(START - 1000) })
    await assertRefused(withHeader(timestampHeader, headers[timestampHeader] ?? ''))
  })

  it('does not handle a captured delivery again when any header is changed or removed', async () => {
    const { send, headersRead } = kit.receiver()
    assert((await send(genuine)).delivery)
    const later = signed({ id: 'msg_2', type: 'another', sentAt: new Date(START - 1000) })
    for (const name of new Set([...headersRead, ...Object.keys(genuine.headers)])) {
      const { [name]: value = '', ...others } = genuine.headers
      const changed = [`${value}x`, later.headers[name] ?? 'x'].map((text) => ({ ...others, [name]: text }))
      for (const headers of [...changed, others]) {
        assert.equal((await send({ ...genuine, headers })).delivery, undefined, name)
      }
    }
  })
}
