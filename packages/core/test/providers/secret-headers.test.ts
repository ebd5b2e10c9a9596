import { PassThrough } from 'node:stream'
import { coldMailReseller, defineProvider, inboxKit, openMail, secretHeaders } from '@mailbox-hooks/core'
import { pino } from 'pino'
import { describe, expect, it } from 'vitest'

const secrets = ['a-secret-of-16-bytes-or-more']

const acme = (signature: object) =>
  defineProvider({
    name: 'acme',
    signature: { secrets, readings: [{ algorithm: 'token' }], ...signature },
    retries: { spanMs: 60_000, maxHandlerMs: 10_000 },
    describe: () => ({}),
    events: () => ({}),
  })

describe('secretHeaders', () => {
  it('names the headers of static tokens, each once', () => {
    const providers = [inboxKit({ secrets }), inboxKit({ secrets: ['another-secret-of-a-team'], account: 'b' })]
    expect(secretHeaders([...providers, coldMailReseller({ secrets }), openMail({ secrets })])).toEqual([
      'x-inboxkit-signature',
    ])
  })

  it.each<[object, string[]]>([
    [{ header: 'X-Acme-Token' }, ['x-acme-token']],
    [{ authorization: 'Bearer' }, ['authorization']],
    [{ authorization: 'Basic', secrets: ['user:a-password-of-16-bytes'] }, ['authorization']],
    [{ query: 'token' }, []],
    [{ header: 'X-Acme', readings: [{ name: 'body', trust: 'body' }] }, []],
  ])('of %o are %j', (signature, names) => {
    expect(secretHeaders([acme(signature)])).toEqual(names)
  })

  it('keep the token out of a log of requests', () => {
    const stream = new PassThrough()
    const redact = secretHeaders([inboxKit({ secrets })]).map((name) => `req.headers["${name}"]`)
    pino({ redact }, stream).info({ req: { headers: { 'x-inboxkit-signature': 'sha256=planted', host: 'x' } } })
    expect(String(stream.read())).toContain('"headers":{"x-inboxkit-signature":"[Redacted]","host":"x"}')
  })
})
