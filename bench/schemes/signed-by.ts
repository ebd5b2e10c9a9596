import { createHmac, createPublicKey, generateKeyPairSync, sign, timingSafeEqual, verify } from 'node:crypto'
import { defineProvider, type Provider, standardWebhooks } from '@mailbox-hooks/core'

type Check = (body: Uint8Array) => boolean

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

const RULES = {
  retries: { spanMs: 3_600_000, maxHandlerMs: 60_000 },
  describe: () => ({}),
  events: () => ({}),
} as const

export const SCHEMES: readonly Scheme[] = [standardV1(), standardV1a(), paired(), sha512(), p256()]

function standardV1(): Scheme {
  const provider = standardWebhooks({ name: 'acme', secrets: [`whsec_${KEY.toString('base64')}`] })
  const macOf = (body: Uint8Array) => createHmac('sha256', KEY).update(`${ID}.${TIME}.`).update(body).digest()
  return {
    name: 'Standard Webhooks v1, HMAC-SHA256',
    checks(body) {
      const signature = `v1,${macOf(body).toString('base64')}`
      const received = Buffer.from(signature.slice(3), 'base64')
      return {
        byHand: (bytes) => timingSafeEqual(macOf(bytes), received),
        ours: checkBy(provider, { 'webhook-id': ID, 'webhook-timestamp': TIME, 'webhook-signature': signature }),
      }
    },
  }
}

function standardV1a(): Scheme {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)
  const provider = standardWebhooks({ name: 'acme', secrets: [`whpk_${raw.toString('base64')}`] })
  const contentOf = (body: Uint8Array) => Buffer.concat([Buffer.from(`${ID}.${TIME}.`), body])
  return {
    name: 'Standard Webhooks v1a, ed25519',
    checks(body) {
      const signature = sign(null, contentOf(body), privateKey)
      const header = `v1a,${signature.toString('base64')}`
      return {
        byHand: (bytes) => verify(null, contentOf(bytes), publicKey, signature),
        ours: checkBy(provider, { 'webhook-id': ID, 'webhook-timestamp': TIME, 'webhook-signature': header }),
      }
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
  const macOf = (body: Uint8Array) => createHmac('sha256', TEXT_KEY).update(`${TIME}.`).update(body).digest()
  return {
    name: 't=…,v1=…, HMAC-SHA256',
    checks(body) {
      const received = macOf(body)
      return {
        byHand: (bytes) => timingSafeEqual(macOf(bytes), received),
        ours: checkBy(provider, { 'x-acme': `t=${TIME},v1=${received.toString('hex')}` }),
      }
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
      const received = macOf(body)
      return {
        byHand: (bytes) => timingSafeEqual(macOf(bytes), received),
        ours: checkBy(provider, { 'x-acme': received.toString('hex') }),
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
  const contentOf = (body: Uint8Array) => Buffer.concat([Buffer.from(TIME), body])
  return {
    name: 'time and body, ECDSA P-256',
    checks(body) {
      const signature = sign('sha256', contentOf(body), privateKey)
      return {
        byHand: (bytes) => verify('sha256', contentOf(bytes), key, signature),
        ours: checkBy(provider, { 'x-acme': signature.toString('base64'), 'x-acme-time': TIME }),
      }
    },
  }
}

const checkBy = (provider: Provider, values: Readonly<Record<string, string>>): Check => {
  const headers = { header: (name: string) => values[name] }
  return (body) => {
    const examined = provider.examine(headers, NOW)
    return examined !== undefined && provider.verify(examined, headers, body) !== undefined
  }
}
