import { createHmac, createPublicKey, generateKeyPairSync, sign, timingSafeEqual, verify } from 'node:crypto'
import { defineProvider, type Provider, standardWebhooks } from '@mailbox-hooks/core'

type Check = (body: Uint8Array) => boolean

type Headers = Readonly<Record<string, string>>

/** A way to sign, with its check by hand and by a provider that says it. */
export interface Scheme {
  readonly name: string
  checks(body: Buffer): { readonly byHand: Check; readonly ours: Check }
}

const NOW = Date.UTC(2026, 2, 1, 9)
const TIME = String(NOW / 1000)
const ID = 'msg_2mKQ9r8GKYqrTwjUPD8ILPZIo2L'
const WINDOW = { maxAgeSeconds: 300, maxAheadSeconds: 300 }
const KEY = Buffer.from('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'base64')
const TEXT_KEY = 'whsec_3f1c9a7e5b2d4860a1c3e5f7'

/** As by hand: the time is signed, and has to be near. */
const isInWindow = (time: string) => Math.abs(NOW / 1000 - Number(time)) <= WINDOW.maxAgeSeconds

/** What `timingSafeEqual` needs, which throws for different lengths. */
const isSame = (received: Uint8Array, expected: Uint8Array) =>
  received.length === expected.length && timingSafeEqual(received, expected)

const RULES = {
  retries: { spanMs: 3_600_000, maxHandlerMs: 60_000 },
  describe: () => ({}),
  events: () => ({}),
} as const

export const SCHEMES: readonly Scheme[] = [standardV1(), standardV1a(), paired(), sha512(), p256()]

function standardV1(): Scheme {
  const provider = standardWebhooks({ name: 'acme', secrets: [`whsec_${KEY.toString('base64')}`] })
  const macOf = (id: string, time: string, body: Uint8Array) =>
    createHmac('sha256', KEY).update(`${id}.${time}.`).update(body).digest()
  const byHand = (headers: Headers, body: Uint8Array) => {
    const { 'webhook-id': id = '', 'webhook-timestamp': time = '', 'webhook-signature': signatures = '' } = headers
    if (!isInWindow(time)) return false
    const expected = macOf(id, time, body)
    return signatures
      .split(' ')
      .some((signature) => signature.startsWith('v1,') && isSame(Buffer.from(signature.slice(3), 'base64'), expected))
  }
  return {
    name: 'Standard Webhooks v1, HMAC-SHA256',
    checks(body) {
      const signature = `v1,${macOf(ID, TIME, body).toString('base64')}`
      const headers = { 'webhook-id': ID, 'webhook-timestamp': TIME, 'webhook-signature': signature }
      return { byHand: (bytes) => byHand(headers, bytes), ours: checkBy(provider, headers) }
    },
  }
}

function standardV1a(): Scheme {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)
  const provider = standardWebhooks({ name: 'acme', secrets: [`whpk_${raw.toString('base64')}`] })
  const contentOf = (id: string, time: string, body: Uint8Array) => Buffer.concat([Buffer.from(`${id}.${time}.`), body])
  const byHand = (headers: Headers, body: Uint8Array) => {
    const { 'webhook-id': id = '', 'webhook-timestamp': time = '', 'webhook-signature': signatures = '' } = headers
    if (!isInWindow(time)) return false
    const content = contentOf(id, time, body)
    return signatures
      .split(' ')
      .some(
        (signature) =>
          signature.startsWith('v1a,') && verify(null, content, publicKey, Buffer.from(signature.slice(4), 'base64')),
      )
  }
  return {
    name: 'Standard Webhooks v1a, ed25519',
    checks(body) {
      const signature = `v1a,${sign(null, contentOf(ID, TIME, body), privateKey).toString('base64')}`
      const headers = { 'webhook-id': ID, 'webhook-timestamp': TIME, 'webhook-signature': signature }
      return { byHand: (bytes) => byHand(headers, bytes), ours: checkBy(provider, headers) }
    },
  }
}

function paired(): Scheme {
  const provider = defineProvider({
    name: 'acme',
    signature: {
      header: 'x-acme',
      pair: 'v1',
      secrets: [TEXT_KEY],
      readings: [{ content: ['time', { text: '.' }, 'body'] }],
    },
    timestamp: { pair: 't', format: 'unix-seconds', ...WINDOW },
    ...RULES,
  })
  const macOf = (time: string, body: Uint8Array) =>
    createHmac('sha256', TEXT_KEY).update(`${time}.`).update(body).digest()
  const byHand = (headers: Headers, body: Uint8Array) => {
    const pairs = new Map(headers['x-acme']?.split(',').map((pair) => pair.split('=', 2) as [string, string]))
    const time = pairs.get('t') ?? ''
    return isInWindow(time) && isSame(Buffer.from(pairs.get('v1') ?? '', 'hex'), macOf(time, body))
  }
  return {
    name: 't=…,v1=…, HMAC-SHA256',
    checks(body) {
      const headers = { 'x-acme': `t=${TIME},v1=${macOf(TIME, body).toString('hex')}` }
      return { byHand: (bytes) => byHand(headers, bytes), ours: checkBy(provider, headers) }
    },
  }
}

function sha512(): Scheme {
  const provider = defineProvider({
    name: 'acme',
    signature: { header: 'x-acme', secrets: [TEXT_KEY], readings: [{ algorithm: 'hmac-sha512', content: ['body'] }] },
    ...RULES,
  })
  const macOf = (body: Uint8Array) => createHmac('sha512', TEXT_KEY).update(body).digest()
  return {
    name: 'the body alone, HMAC-SHA512',
    checks(body) {
      const headers = { 'x-acme': macOf(body).toString('hex') }
      return {
        byHand: (bytes) => isSame(Buffer.from(headers['x-acme'], 'hex'), macOf(bytes)),
        ours: checkBy(provider, headers),
      }
    },
  }
}

function p256(): Scheme {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const spki = publicKey.export({ format: 'der', type: 'spki' }).toString('base64')
  const provider = defineProvider({
    name: 'acme',
    signature: {
      header: 'x-acme',
      secrets: [spki],
      key: 'spki',
      encodings: ['base64'],
      readings: [{ algorithm: 'ecdsa-p256', content: ['time', 'body'] }],
    },
    timestamp: { header: 'x-acme-time', format: 'unix-seconds', ...WINDOW },
    ...RULES,
  })
  const key = createPublicKey({ key: Buffer.from(spki, 'base64'), format: 'der', type: 'spki' })
  const contentOf = (time: string, body: Uint8Array) => Buffer.concat([Buffer.from(time), body])
  const byHand = (headers: Headers, body: Uint8Array) => {
    const { 'x-acme': signature = '', 'x-acme-time': time = '' } = headers
    return isInWindow(time) && verify('sha256', contentOf(time, body), key, Buffer.from(signature, 'base64'))
  }
  return {
    name: 'time and body, ECDSA P-256',
    checks(body) {
      const signature = sign('sha256', contentOf(TIME, body), privateKey).toString('base64')
      const headers = { 'x-acme': signature, 'x-acme-time': TIME }
      return { byHand: (bytes) => byHand(headers, bytes), ours: checkBy(provider, headers) }
    },
  }
}

const checkBy = (provider: Provider, values: Headers): Check => {
  const headers = { header: (name: string) => values[name] }
  return (body) => {
    const examined = provider.examine(headers, NOW)
    return examined !== undefined && provider.verify(examined, headers, body) !== undefined
  }
}
