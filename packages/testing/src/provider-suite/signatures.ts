import { assert, expect, it } from 'vitest'
import { type Kit, type Sent, START } from './fixture.js'
import type { ProviderUnderTest } from './provider-under-test.js'
import { wrongForms } from './wrong-forms.js'

const REFUSED = { status: 401, error: 'signature_invalid', received: false }

/** Tests the form and the content of signatures. */
export function signaturesTests(kit: Kit, underTest: ProviderUnderTest): void {
  const { provider, secrets, signed } = kit
  const { trust, differences = {} } = underTest
  const { signatureHeader, timestampHeader } = provider
  const genuine = signed()
  const signature = genuine.headers[signatureHeader] ?? ''

  const withHeader = (name: string, value: string): Sent => ({
    ...genuine,
    headers: { ...genuine.headers, [name]: value },
  })
  const expectRefused = async (sent: Sent) => {
    const { send, outcomes } = kit.receiver()
    expect(await send(sent)).toEqual(REFUSED)
    expect(outcomes).toMatchObject([{ kind: 'rejected' }])
  }

  it('refuses a delivery without a signature', async () => {
    const { [signatureHeader]: _, ...headers } = genuine.headers
    await expectRefused({ ...genuine, headers })
  })

  it('refuses the signature of another secret', () => expectRefused(signed({ secret: secrets[1] })))

  it.each(wrongForms(signature, differences))('refuses a signature %s', (_what, value) =>
    expectRefused(withHeader(signatureHeader, value)),
  )

  const { separator } = differences.severalSignatures ?? {}
  if (separator === undefined) {
    it.each([',', ', '])('refuses two signature headers, joined by %j', (comma) =>
      expectRefused(withHeader(signatureHeader, signature + comma + signature)),
    )
  } else {
    it('accepts one good signature among several, and refuses several bad ones', async () => {
      const wrong = signed({ secret: secrets[1] }).headers[signatureHeader]
      for (const both of [wrong + separator + signature, signature + separator + wrong]) {
        expect((await kit.receiver().send(withHeader(signatureHeader, both))).delivery).toBeDefined()
      }
      await expectRefused(withHeader(signatureHeader, wrong + separator + wrong))
    })
  }

  it.skipIf(trust === 'sender')('refuses a body with one byte changed, removed or added', async () => {
    const { body } = genuine
    const last = body.length - 1
    for (const at of [0, 1, Math.floor(last / 2), last - 1, last]) {
      const flipped = Buffer.from(body)
      flipped[at] = (flipped[at] ?? 0) ^ 1
      await expectRefused({ ...genuine, body: flipped })
    }
    await expectRefused({ ...genuine, body: body.subarray(0, last) })
    await expectRefused({ ...genuine, body: Buffer.concat([body, Buffer.from('\n')]) })
    await expectRefused({ ...genuine, body: Buffer.alloc(0) })
  })

  it.skipIf(trust !== 'body+timestamp')('refuses a time that differs from the signed one', async () => {
    assert(timestampHeader !== undefined, 'the provider has a time header')
    const { headers } = signed({ sentAt: new Date(START - 1000) })
    await expectRefused(withHeader(timestampHeader, headers[timestampHeader] ?? ''))
  })

  it('does not handle a captured delivery again when any header is changed or removed', async () => {
    const { send, headersRead } = kit.receiver()
    expect((await send(genuine)).delivery).toBeDefined()
    const later = signed({ id: 'msg_2', type: 'another', sentAt: new Date(START - 1000) })
    for (const name of new Set([...headersRead, ...Object.keys(genuine.headers)])) {
      const { [name]: value = '', ...others } = genuine.headers
      const changed = [`${value}x`, later.headers[name] ?? 'x'].map((text) => ({ ...others, [name]: text }))
      for (const headers of [...changed, others]) {
        expect((await send({ ...genuine, headers })).delivery, name).toBeUndefined()
      }
    }
  })
}
