import { readFileSync } from 'node:fs'
import { inspect } from 'node:util'
import {
  coldMailReseller,
  createReceiver,
  defineProvider,
  inboxKit,
  logOutcomes,
  type Outcome,
  redact,
} from '@mailbox-hooks/core'
import { describe, expect, it } from 'vitest'
import { opensslHmac } from '../openssl.js'
import { receive } from '../request.js'

const PLANTED = 'planted-credential'
const NOW = 1_767_225_600_000

function fixture(path: string): Record<string, unknown> {
  return JSON.parse(readFileSync(new URL(`../../../../fixtures/${path}.json`, import.meta.url), 'utf8'))
}

/** The same payload with each credential replaced, and one in a field that no document knows. */
function planted(path: string): string {
  const names = /^(password|appPassword|app_password|secret|authenticatorSecret|finalUrl)$/
  const payload = JSON.parse(JSON.stringify(fixture(path)), (key, value) => (names.test(key) ? PLANTED : value))
  return JSON.stringify({
    ...payload,
    smtp_password: PLANTED,
    oauth: { refreshToken: PLANTED },
    list: [{ apiKey: PLANTED }],
  })
}

const cmrHeaders = (body: string) => ({
  'cmr-x-timestamp': String(NOW / 1000),
  'cmr-x-signature': opensslHmac('the-cmr-key', body).toString('hex'),
})

const KIT_TOKEN = 'sha256=f3a6c3bc9d1b9ad43c49af3ba5aeb0d8d0cd3fb2ca8fa9f8cbe4b70b62a2b5c1'

const printed = (value: unknown) =>
  [
    JSON.stringify(value),
    inspect(value, { depth: Number.POSITIVE_INFINITY }),
    inspect(value, { showHidden: true, depth: 20 }),
  ].join()

describe('credentials', () => {
  const bodies = [
    'cold-mail-reseller/mailbox.created.google',
    'cold-mail-reseller/mailbox.created.microsoft',
    'cold-mail-reseller/prewarmup.order.success',
  ]

  it.each(bodies)('are the data of %s, and in nothing that prints it', async (path) => {
    const outcomes: Outcome[] = []
    const lines: unknown[] = []
    const line = (...args: unknown[]) => lines.push(args)
    const log = logOutcomes({ info: line, warn: line, error: line })
    const receiver = createReceiver({
      providers: [coldMailReseller({ secrets: ['the-cmr-key'] })],
      now: () => NOW,
      onOutcome: (outcome) => {
        outcomes.push(outcome)
        log(outcome)
      },
    })
    const body = planted(path)
    const reception = await receive(receiver, { headers: cmrHeaders(body), body })
    if (reception.answer !== undefined) throw new Error(`not accepted: ${reception.answer.body}`)
    const { delivery } = reception
    await reception.settle(200)

    expect(JSON.stringify(delivery.event.payload)).toContain(PLANTED)
    expect(printed(delivery)).toContain('[redacted]')
    for (const value of [delivery, delivery.event, { nested: [delivery] }, outcomes, lines]) {
      expect(printed(value)).not.toContain(PLANTED)
      expect(printed(value)).not.toContain('the-cmr-key')
    }
    expect(JSON.stringify(delivery)).not.toContain(body)
  })

  it('are in no refusal and its outcome', async () => {
    const outcomes: Outcome[] = []
    const receiver = createReceiver({
      providers: [coldMailReseller({ secrets: ['the-cmr-key'] }), inboxKit({ secrets: ['the-kit-key'] })],
      now: () => NOW,
      onOutcome: (outcome) => outcomes.push(outcome),
    })
    const invalid = JSON.stringify({
      event: 'mailbox.created',
      eventId: 'E',
      data: { mailboxDetails: { password: { [PLANTED]: PLANTED } } },
    })
    const broken = `{"password":"${PLANTED}`
    const answers = []
    for (const body of [invalid, broken]) {
      answers.push(await receive(receiver, { headers: cmrHeaders(body), body }))
      answers.push(await receive(receiver, { headers: { ...cmrHeaders('other') }, body }))
    }
    answers.push(
      await receive(receiver, {
        headers: { 'x-inboxkit-signature': KIT_TOKEN, 'x-inboxkit-timestamp': new Date(NOW).toISOString() },
        body: invalid,
      }),
    )
    expect(outcomes.map(({ code }) => code)).toEqual([
      'payload_invalid',
      'signature_invalid',
      'body_invalid',
      'signature_invalid',
      'signature_invalid',
    ])
    for (const text of [PLANTED, 'the-cmr-key', 'the-kit-key', KIT_TOKEN.slice(7)]) {
      expect(printed(answers) + printed(outcomes)).not.toContain(text)
    }
  })

  it('are in no provider that is printed', () => {
    const provider = coldMailReseller({ secrets: ['the-cmr-key'] })
    expect(printed({ provider, receiver: createReceiver({ providers: [provider] }) })).not.toContain('the-cmr-key')
  })
})

describe('redact', () => {
  it('hides fields by their names, in any spelling and at any depth, and keeps the rest', () => {
    const value = {
      email: 'a@b.co',
      Password: 'x',
      APP_PASSWORD: 'x',
      deep: [{ 'authenticator-secret': 'x', firstName: 'Ada', isAdmin: true, none: null, when: new Date(0) }],
      accessToken: { value: 'x' },
      secret: '',
    }
    expect(redact(value)).toEqual({
      email: 'a@b.co',
      Password: '[redacted]',
      APP_PASSWORD: '[redacted]',
      deep: [{ 'authenticator-secret': '[redacted]', firstName: 'Ada', isAdmin: true, none: null, when: new Date(0) }],
      accessToken: '[redacted]',
      secret: '',
    })
    expect(value.Password).toBe('x')
  })

  it('does not change a value that is not an object', () => {
    for (const value of [undefined, null, 1, 'text', true]) expect(redact(value)).toBe(value)
  })

  it('hides finalUrl, which looks like the callback of OAuth', () => {
    expect(redact({ finalUrl: 'https://x.co/?code=1' })).toEqual({ finalUrl: '[redacted]' })
  })

  it('shows a Map as an object and a Set as a list, without their credentials', () => {
    const value = {
      map: new Map<unknown, unknown>([
        ['password', 'x'],
        ['nested', new Map([['token', 'x']])],
        [7, 'seven'],
      ]),
      set: new Set(['text', { secret: 'x' }]),
    }
    expect(redact(value)).toEqual({
      map: { password: '[redacted]', nested: { token: '[redacted]' }, 7: 'seven' },
      set: ['text', { secret: '[redacted]' }],
    })
  })

  it('shows what an Error says, without the credentials in its fields and its cause', () => {
    const error = Object.assign(new Error('Denied', { cause: { password: 'x', host: 'db' } }), { token: 'x', code: 7 })
    expect(redact({ error })).toEqual({
      error: {
        stack: expect.stringMatching(/^Error: Denied\n/),
        cause: { password: '[redacted]', host: 'db' },
        token: '[redacted]',
        code: 7,
      },
    })
  })

  it('shows of bytes how many there are', () => {
    expect(redact({ body: Buffer.from('planted'), none: new Uint8Array(), pin: new Uint8Array(4) })).toEqual({
      body: '[7 bytes]',
      none: '[0 bytes]',
      pin: '[redacted]',
    })
  })

  it('hides of a delivery what printing it hides, wherever it is', async () => {
    const acme = defineProvider({
      name: 'acme',
      signature: { header: 'x-acme', secrets: ['the-acme-key'], readings: [{ name: 'body', trust: 'body' }] },
      retries: { spanMs: 60_000, maxHandlerMs: 10_000 },
      describe: () => ({ type: 'launch', id: '1' }),
      events: () => ({}),
      credentials: ['launchCode'],
    })
    const receiver = createReceiver({ providers: [acme] })
    const body = JSON.stringify({ launchCode: PLANTED, password: PLANTED, pad: 39 })
    const signature = opensslHmac('the-acme-key', body).toString('hex')
    const reception = await receive(receiver, { headers: { 'x-acme': signature }, body })
    if (reception.answer !== undefined) throw new Error(`not accepted: ${reception.answer.body}`)
    const { delivery } = reception
    await reception.settle(200)

    expect(JSON.stringify(redact(delivery))).toBe(JSON.stringify(delivery))
    expect(redact({ event: delivery.event })).toMatchObject({
      event: { type: 'unknown', payload: { launchCode: '[redacted]', password: '[redacted]', pad: 39 } },
    })
    expect(printed(redact(new Map([['request', { webhook: [delivery] }]])))).not.toContain(PLANTED)
    expect(redact(delivery, ['pad'])).toMatchObject({ event: { payload: { pad: '[redacted]' } } })
  })

  it('survives a payload that is nested deeper than the stack', () => {
    const deep = JSON.parse(`${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`)
    expect(JSON.stringify(redact(deep))).toContain('[too deep]')
  })
})
