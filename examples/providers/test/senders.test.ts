import { createHmac } from 'node:crypto'
import { type Provider, redact } from '@mailbox-hooks/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deliver, genuine, providerOf, SECONDS } from './receiving.js'
import { SENDERS, type Sender, type Sent } from './senders.js'

const ALL = Object.entries(SENDERS)
const those = (is: (sender: Sender) => boolean) => ALL.filter(([, sender]) => is(sender))

const isHexHash = (sender: Sender) => /[0-9a-f]{64}/.test(JSON.stringify(genuine(sender).headers))

const coversBody = ({ trust }: Sender) => trust !== 'sender'

async function expectRefused(sender: Sender, sent: Sent, secrets?: readonly string[]) {
  const { status, deliveries } = await deliver(providerOf(sender, secrets), sent)
  expect({ status, deliveries }).toEqual({ status: 401, deliveries: [] })
}

/** The one header, or field, that holds the proof, changed. */
function withSignature(sent: Sent, change: (signature: string) => string): Sent {
  const [name, value] = Object.entries(sent.headers).find(([key]) => /signature|auth/.test(key)) ?? []
  if (name === undefined || value === undefined) return sent
  return { ...sent, headers: { ...sent.headers, [name]: change(value) } }
}

describe.each(ALL)('%s', (_name, sender) => {
  it('is received, and proves what its documents promise', async () => {
    const { status, deliveries, outcome } = await deliver(providerOf(sender), genuine(sender))
    expect(status).toBe(200)
    expect(deliveries.length).toBeGreaterThan(0)
    for (const { trust } of deliveries) expect(trust).toBe(sender.trust)
    expect(outcome?.trust).toBe(sender.trust)
  })

  it('verifies by each of two secrets, and by no third one', async () => {
    for (const secret of [0, 1] as const) {
      const sent = genuine(sender, { secret })
      expect((await deliver(providerOf(sender, sender.secrets), sent)).status).toBe(200)
      await expectRefused(sender, sent, [sender.secrets[secret === 0 ? 1 : 0]])
    }
  })

  it('is refused without its proof', async () => {
    const sent = genuine(sender)
    await expectRefused(sender, {
      ...sent,
      headers: {},
      url: '/webhooks',
      body: sender.body.replace('[', '{"value":['),
    })
    await expectRefused(sender, { ...sent, headers: {}, url: '/webhooks', body: '{}' })
    await expectRefused(sender, { ...sent, headers: {}, url: '/webhooks', body: '{"value":[]}' })
    await expectRefused(sender, { ...sent, headers: {}, url: '/webhooks', body: '' })
  })

  it('does not start without a secret, or with a placeholder', () => {
    for (const secrets of [
      [],
      [''],
      [undefined],
      ['<secret>'],
      ['user:undefined'],
      [sender.secrets[0], '{{SECRET}}'],
    ]) {
      expect(() => sender.create({ secrets })).toThrow(TypeError)
    }
  })

  it('shows its secrets to nobody who prints', async () => {
    const { deliveries, outcome } = await deliver(providerOf(sender), genuine(sender))
    const printed = JSON.stringify([providerOf(sender), deliveries, outcome, deliveries.map(({ event }) => event)])
    expect(printed).not.toContain(sender.secrets[0])
    expect(redact(providerOf(sender))).toBeDefined()
  })
})

describe.each(those(coversBody))('%s, whose signature covers the body', (_name, sender) => {
  it('is refused when any byte of the body is another one', () =>
    fc.assert(
      fc.asyncProperty(fc.nat(sender.body.length - 1), fc.integer({ min: 1, max: 127 }), async (at, change) => {
        const sent = genuine(sender)
        const changed = String.fromCharCode(sent.body.charCodeAt(at) ^ change)
        await expectRefused(sender, { ...sent, body: sent.body.slice(0, at) + changed + sent.body.slice(at + 1) })
      }),
      { numRuns: 60 },
    ))

  it('is refused when the body is longer, shorter, or written in another way', async () => {
    const sent = genuine(sender)
    for (const body of [`${sent.body} `, ` ${sent.body}`, sent.body.slice(0, -1), `${sent.body}\n`, '']) {
      await expectRefused(sender, { ...sent, body })
    }
  })

  it('is refused when any character of the signature is another one', () =>
    fc.assert(
      fc.asyncProperty(fc.nat(400), fc.constantFrom(...'0123456789abcdefXYZ+/=, ;'), async (at, character) => {
        const sent = withSignature(genuine(sender), (value) => {
          const index = at % value.length
          // In hex, a letter of the other case is the same.
          const isSame = value[index]?.toLowerCase() === character.toLowerCase()
          return value.slice(0, index) + (isSame ? '-' : character) + value.slice(index + 1)
        })
        await expectRefused(sender, sent)
      }),
      { numRuns: 60 },
    ))

  it('is refused when its signature stands there twice', async () => {
    const sent = genuine(sender)
    await expectRefused(
      sender,
      withSignature(sent, (value) => `${value}, ${value}`),
    )
  })

  // Other signatures are not hashes that could be exchanged.
  it.skipIf(!isHexHash(sender))('is refused by a weaker or another hash', async () => {
    for (const hash of ['md5', 'sha1', 'sha224', 'sha384', 'sha512']) {
      const digest = (parts: string) => createHmac(hash, sender.secrets[0]).update(parts).digest('hex')
      const sent = withSignature(genuine(sender), (value) => value.replace(/[0-9a-f]{64}/, digest(sender.body)))
      await expectRefused(sender, sent)
    }
  })
})

describe.each(those(({ signsTime }) => signsTime))('%s, whose signature covers the time', (_name, sender) => {
  it('is refused with any other time', () =>
    fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 250 }), fc.boolean(), async (seconds, isLater) => {
        const other = SECONDS + (isLater ? seconds : -seconds)
        const text = JSON.stringify(genuine(sender)).replaceAll(String(SECONDS), String(other))
        await expectRefused(sender, JSON.parse(text))
      }),
      { numRuns: 30 },
    ))

  it('is refused outside of its window, however well it is signed', async () => {
    const { windowMs } = providerOf(sender)
    for (const seconds of [SECONDS - windowMs / 1000 - 1, SECONDS + 302]) {
      await expectRefused(sender, genuine(sender, { seconds }))
    }
    expect((await deliver(providerOf(sender), genuine(sender, { seconds: SECONDS - 299 }))).status).toBe(200)
  })
})

describe('all of them behind one address', () => {
  /** Providers that find their proof in one place, under one name, need an address of their own. */
  const providers: Provider[] = ALL.map(([name, sender]) =>
    sender.create({
      secrets: [`${name} ${sender.secrets[0]}`.replaceAll(' ', '-')].map((text) => secretFor(sender, text)),
    }),
  )

  /** No two may have a secret in common. */
  function secretFor(sender: Sender, text: string): string {
    return sender.signingKeys === undefined ? text : sender.secrets[0]
  }

  it.each(ALL)('take a request of %s for none of another one', async (name, sender) => {
    const own = providers[ALL.findIndex(([known]) => known === name)]!
    const key = sender.signingKeys?.[0] ?? secretFor(sender, `${name} ${sender.secrets[0]}`.replaceAll(' ', '-'))
    const sent = sender.send(sender.body, key, SECONDS)
    const { status, outcome } = await deliver(providers, sent)
    expect({ status, provider: outcome?.provider }).toEqual({ status: 200, provider: own.name })
    const others = providers.filter((provider) => provider !== own)
    const { status: elsewhere, deliveries } = await deliver(others, sent)
    expect({ elsewhere, deliveries }).toEqual({ elsewhere: 401, deliveries: [] })
  })
})
