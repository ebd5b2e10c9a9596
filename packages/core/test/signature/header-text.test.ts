import { createHmac } from 'node:crypto'
import type { HeaderReader, Provider } from '@mailbox-hooks/core'
import { createReceiver } from '@mailbox-hooks/core'
import { describe, expect, it } from 'vitest'
import { custom } from '../providers/custom.js'
import { answerTo } from '../request.js'

const BODY = '{"a":1}'
const fresh = (provider: Provider) => createReceiver({ providers: [provider], leaseMs: 5000 })

/** Returns a text that becomes the given one when only the lower byte of each character is kept. */
const above = (text: string) => [...text].map((letter) => String.fromCharCode(letter.charCodeAt(0) + 0x100)).join('')

// Adapters of one's own may hand over such texts; HTTP itself cannot carry them.
describe('a header value with characters above U+00FF', () => {
  it('is not signed as its lower bytes', async () => {
    const provider = custom({
      signature: {
        header: 'x-acme',
        secrets: ['key'],
        readings: [{ name: 'id.body', trust: 'body', before: (headers: HeaderReader) => `${headers.header('x-id')}.` }],
      },
    })
    const signature = createHmac('sha256', 'key').update(`msg_1.${BODY}`).digest('hex')
    const answer = (id: string) =>
      answerTo(fresh(provider), { headers: { 'x-id': id, 'x-acme': signature }, body: BODY })
    expect(await answer('msg_1')).toBe('accepted')
    expect(await answer(above('msg_1'))).toBe('401 signature_invalid')
    expect(await answer(`msg_${above('1')}`)).toBe('401 signature_invalid')
  })

  it('is no token', async () => {
    const readings = [{ name: 'token', trust: 'sender', token: (secret: string) => Buffer.from(secret) }]
    const provider = custom({ signature: { header: 'x-acme', secrets: ['the-token'], encodings: ['text'], readings } })
    expect(await answerTo(fresh(provider), { headers: { 'x-acme': 'the-token' }, body: BODY })).toBe('accepted')
    const refused = await answerTo(fresh(provider), { headers: { 'x-acme': above('the-token') }, body: BODY })
    expect(refused).toBe('401 signature_invalid')
  })
})
