import { createHash, createHmac } from 'node:crypto'
import { inboxKit, type Provider } from '@mailbox-hooks/core'
import { describe, expect, it } from 'vitest'
import { custom } from '../providers/custom.js'
import { verdict } from '../verdict.js'

const NOW = 1_767_225_600_000
const BODY = '{"event":"forged"}'
const sha256 = (content: string | Uint8Array) => createHash('sha256').update(content).digest()
const hmac = (key: string | Uint8Array) => createHmac('sha256', key).update(BODY).digest('hex')

const kit = (...secrets: string[]) => inboxKit({ secrets })
const toKit = (provider: Provider, signature: string) => {
  const headers = { 'x-inboxkit-timestamp': new Date(NOW).toISOString(), 'x-inboxkit-signature': `sha256=${signature}` }
  return verdict(provider, { headers, body: BODY }, { now: () => NOW })
}

describe('InboxKit, whose header shows the hash of its key', () => {
  const key = (length: number) => 'k'.repeat(length)

  it.each([65, 66, 100, 1000])('proves no body by a key of %i bytes, which HMAC takes for its hash', async (length) => {
    const token = sha256(key(length))
    expect(await toKit(kit(key(length)), hmac(token))).toMatchObject({ kind: 'failed', trust: 'sender' })
    expect(await toKit(kit(key(length)), hmac(key(length)))).toMatchObject({ trust: 'sender' })
    expect(await toKit(kit(key(length)), token.toString('hex'))).toMatchObject({ trust: 'sender' })
  })

  it.each([1, 63, 64])('proves a body by a key of %i bytes, of which the header tells nothing', async (length) => {
    expect(await toKit(kit(key(length)), hmac(key(length)))).toMatchObject({ kind: 'failed', trust: 'body' })
    expect(await toKit(kit(key(length)), hmac(sha256(key(length))))).toMatchObject({ code: 'signature_invalid' })
  })

  it.each<[string, string]>([
    ['hex', sha256('first').toString('hex')],
    ['hex in upper case', sha256('first').toString('hex').toUpperCase()],
    ['base64', sha256('first').toString('base64')],
  ])('proves no body by a second key that is the token of the first in %s', async (_spelling, second) => {
    expect(await toKit(kit('first', second), hmac(second))).toMatchObject({ trust: 'sender' })
    expect(await toKit(kit('first', second), hmac('first'))).toMatchObject({ trust: 'body' })
  })
})

describe('a provider of your own with a token beside a signature', () => {
  const acme = (token: (secret: string) => Uint8Array, secret: string) =>
    custom({
      signature: {
        header: 'x-acme',
        secrets: [secret],
        encodings: ['hex', 'base64', 'text'],
        readings: [
          { name: 'token', trust: 'sender', token },
          { name: 'body', trust: 'body' },
        ],
      },
    })

  it.each<[string, (secret: string) => Uint8Array]>([
    ['the secret itself', (secret) => Buffer.from(secret)],
    ['the secret among other things', (secret) => Buffer.from(`user:${secret}`)],
    ['the bytes that the secret spells', (secret) => Buffer.from(secret, 'base64')],
  ])('proves no body when the token is %s', async (_what, token) => {
    const secret = Buffer.from('a secret of thirty-three letters!').toString('base64')
    const sent = { headers: { 'x-acme': hmac(secret) }, body: BODY }
    expect(await verdict(acme(token, secret), sent, { leaseMs: 5000 })).toMatchObject({ trust: 'sender' })
  })

  it('proves one when the token gives nothing of the secret away', async () => {
    const sent = { headers: { 'x-acme': hmac('a-good-secret') }, body: BODY }
    const provider = acme((secret) => sha256(`token ${secret}`), 'a-good-secret')
    expect(await verdict(provider, sent, { leaseMs: 5000 })).toMatchObject({ trust: 'body' })
  })
})
