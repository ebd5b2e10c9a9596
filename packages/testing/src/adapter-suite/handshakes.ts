import { createHmac } from 'node:crypto'
import { defineProvider, openMail } from '@mailbox-hooks/core'
import { expect, it } from 'vitest'
import { messageReceived, SECRETS, signed } from './deliveries.js'
import type { Start } from './harness.js'

const SECRET = 'an-acme-signing-secret'

/** A provider that asks for each form of an echo before it sends deliveries. */
const asking = () =>
  defineProvider({
    name: 'asking',
    signature: { header: 'x-asking-signature', secrets: [SECRET], readings: [{ content: ['body'] }] },
    retries: { spanMs: 3600_000, maxHandlerMs: 10_000 },
    describe: ({ id, type }) => ({ id, type }),
    events: () => ({}),
    handshakes: [
      { method: 'GET', query: 'challenge' },
      { method: 'POST', query: 'validationToken' },
      { field: 'challenge', when: { type: 'url_verification' } },
    ],
  })

/** Another provider on the same address keeps its deliveries. */
const providers = () => [asking(), openMail({ secrets: [SECRETS.openMail] })] as const

const signedByAsking = (body: string) => ({
  headers: { 'x-asking-signature': createHmac('sha256', SECRET).update(body).digest('hex') },
  body,
})

const QUESTIONS = [
  { what: 'GET with the question in the query', asked: { method: 'GET', query: '?challenge=a%20b%2Bc%3Cd%3E' } },
  {
    what: 'POST with the question in the query',
    asked: { method: 'POST', query: '?validationToken=a%20b%2Bc%3Cd%3E' },
  },
  {
    what: 'a signed POST with the question in the body',
    asked: signedByAsking('{"type":"url_verification","challenge":"a b+c<d>"}'),
  },
]

/** Tests the questions that a provider asks before it sends deliveries. */
export function handshakesTests(start: Start): void {
  for (const { what, asked } of QUESTIONS) {
    it(`answers ${what}, each time, as a plain text`, async () => {
      const { send, runs, outcomes } = await start({ providers: providers() })
      for (let round = 0; round < 2; round++) {
        const { status, text, headers } = await send(asked)
        expect({ status, text }).toEqual({ status: 200, text: 'a b+c<d>' })
        // A page that shows the answer must not run what it was asked.
        expect(headers['content-type']).toBe('text/plain; charset=utf-8')
        expect(headers['x-content-type-options']).toBe('nosniff')
      }
      expect(runs).toEqual([])
      expect(outcomes).toMatchObject([{ kind: 'handshake' }, { kind: 'handshake', provider: 'asking', status: 200 }])
    })
  }

  it('does not answer an unsigned question in a body', async () => {
    const { send, runs } = await start({ providers: providers() })
    const { body } = signedByAsking('{"type":"url_verification","challenge":"a"}')
    expect((await send({ body })).status).toBe(401)
    expect(runs).toEqual([])
  })

  it('handles a delivery whose query holds a question', async () => {
    const { send, runs } = await start({ providers: providers() })
    const delivery = signed(messageReceived('evt_1'))
    expect((await send({ ...delivery, query: '?validationToken=a' })).status).toBe(200)
    expect(runs).toMatchObject([{ id: 'openmail:evt_1' }])
  })

  it('answers no question where no provider asks', async () => {
    const { send, outcomes } = await start()
    const { status, text } = await send({ method: 'POST', query: '?challenge=a' })
    expect(status).toBe(401)
    expect(text).not.toContain('a"}')
    expect(outcomes).toMatchObject([{ kind: 'rejected' }])
  })
}
