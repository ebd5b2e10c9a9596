import { defineProvider, type Provider } from '@mailbox-hooks/core'
import { describe, expect, it } from 'vitest'
import { verdict } from '../verdict.js'
import vectors from './standard-vectors.json' with { type: 'json' }

// O1 to O3 are those of the reference libraries and of the Svix server. C and E were made with `node:crypto`.

const FAMILIES = ['webhook', 'svix'] as const

const standard = (secrets: readonly string[]): Provider =>
  defineProvider({
    name: 'standard',
    signature: {
      families: FAMILIES.map((name) => ({
        id: `${name}-id`,
        time: `${name}-timestamp`,
        signature: `${name}-signature`,
      })),
      secrets,
      key: 'standard-webhooks',
      separator: ' ',
      encodings: ['base64'],
      readings: [
        { prefix: 'v1,', content: ['id', { text: '.' }, 'time', { text: '.' }, 'body'] },
        { prefix: 'v1a,', algorithm: 'ed25519', content: ['id', { text: '.' }, 'time', { text: '.' }, 'body'] },
      ],
    },
    timestamp: { format: 'unix-seconds', maxAgeSeconds: 300, maxAheadSeconds: 300 },
    retries: { spanMs: 3_600_000, maxHandlerMs: 60_000 },
    describe: (_payload, _headers, { id }) => ({ id }),
    events: () => ({}),
  })

describe('the vectors of Standard Webhooks', () => {
  it.each(vectors.map((vector) => [vector.name, vector] as const))('%s', async (_name, vector) => {
    if (vector.verdict.startsWith('start')) {
      expect(() => standard(vector.secrets)).toThrow(TypeError)
      return
    }
    for (const family of FAMILIES) {
      const headers = Object.fromEntries(
        Object.entries(vector.headers).map(([name, value]) => [name.replace('webhook', family), value]),
      )
      const outcome = await verdict(
        standard(vector.secrets),
        { headers, body: vector.body },
        { now: () => vector.now * 1000 },
      )
      if (vector.verdict !== 'valid') {
        expect(outcome).toMatchObject({ status: 401 })
      } else if (vector.body === '') {
        expect(outcome).toMatchObject({ code: 'body_invalid', trust: 'body+timestamp' })
      } else {
        expect(outcome).toMatchObject({
          kind: 'failed',
          trust: 'body+timestamp',
          id: `standard:${vector.headers['webhook-id']}`,
        })
      }
    }
  })
})
