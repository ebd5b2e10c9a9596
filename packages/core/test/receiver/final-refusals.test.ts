import { createHash, createHmac } from 'node:crypto'
import { inboxKit, type Provider } from '@mailbox-hooks/core'
import { describe, expect, it } from 'vitest'
import { custom } from '../providers/custom.js'
import { verdict } from '../verdict.js'

const NOW = 1_767_225_600_000
const BODY = '{"event":"nobody.knows"}'
const OLD = new Date(NOW - 2 * 86_400_000).toISOString()
const ANY_HEX = 'ab'.repeat(32)
const TOKEN = createHash('sha256').update('key').digest('hex')
const HMAC = createHmac('sha256', 'key').update(BODY).digest('hex')

const send = (provider: Provider, headers: Record<string, string>, options = {}) =>
  verdict(provider, { headers, body: BODY }, { now: () => NOW, ...options })

describe('InboxKit, which takes a 4xx as final', () => {
  const kit = inboxKit({ secrets: ['key'] })
  const headers = (signature: string, time?: string) => ({
    'x-inboxkit-signature': `sha256=${signature}`,
    ...(time !== undefined && { 'x-inboxkit-timestamp': time }),
  })

  it.each([
    ['an old time', OLD],
    ['no time', undefined],
    ['something that is no time', 'yesterday'],
  ])("answers a stranger's signature with %s by 401, and never asks for more", async (_what, time) => {
    expect(await send(kit, headers(ANY_HEX, time))).toMatchObject({ status: 401, code: 'signature_invalid' })
  })

  it.each([
    ['its token', TOKEN],
    ['its HMAC', HMAC],
  ])('asks for %s once more when only the time is wrong', async (_what, signature) => {
    expect(await send(kit, headers(signature, OLD))).toMatchObject({
      status: 503,
      code: 'timestamp_invalid',
      ageMs: 2 * 86_400_000,
    })
    expect(await send(kit, headers(signature))).toMatchObject({ status: 503, code: 'timestamp_invalid' })
  })
})

describe('a provider of your own', () => {
  const time = { header: 'x-time', format: 'iso', maxAgeSeconds: 300, maxAheadSeconds: 300 }
  const token = { name: 'token', trust: 'sender', token: () => Buffer.from(TOKEN, 'hex') }
  const body = { name: 'body', trust: 'body' }
  const acme = (readings: object[], clientErrorsAreFinal: boolean) =>
    custom({
      signature: { header: 'x-acme', secrets: ['key'], readings },
      timestamp: time,
      retries: { spanMs: 60_000, maxHandlerMs: 10_000, clientErrorsAreFinal },
    })
  const old = (signature: string) => ({ 'x-acme': signature, 'x-time': OLD })
  const leaseMs = 5000

  it('with a token alone compares it before the time', async () => {
    for (const isFinal of [true, false]) {
      const provider = acme([token], isFinal)
      expect(await send(provider, old(ANY_HEX), { leaseMs })).toMatchObject({ status: 401, code: 'signature_invalid' })
      const genuine = { status: isFinal ? 503 : 401, code: 'timestamp_invalid' }
      expect(await send(provider, old(TOKEN), { leaseMs })).toMatchObject(genuine)
    }
  })

  it('with a signature alone asks for more only where it fits', async () => {
    const provider = acme([body], true)
    expect(await send(provider, old(ANY_HEX), { leaseMs })).toMatchObject({ status: 401, code: 'signature_invalid' })
    expect(await send(provider, old(HMAC), { leaseMs })).toMatchObject({ status: 503, code: 'timestamp_invalid' })
  })

  it('whose 4xx are not final is refused by its headers alone', async () => {
    const refused = await send(acme([body], false), old(ANY_HEX), { leaseMs })
    expect(refused).toMatchObject({ status: 401, code: 'timestamp_invalid' })
  })
})
