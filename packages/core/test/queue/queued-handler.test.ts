import { inspect } from 'node:util'
import { runInNewContext } from 'node:vm'
import type { Delivery } from '@mailbox-hooks/core'
import { deliveryPacker, type QueuedDelivery, queuedHandler } from '@mailbox-hooks/core/queue'
import { describe, expect, it } from 'vitest'
import { APP_PASSWORD, type HandedOver, mailboxCreated, openMailEvent } from './handed-over.js'

const sealing = { sealingKeys: [new Uint8Array(32).fill(7)] }

/** As JSON, which is how it lies in a queue. */
const packed = ({ delivery, terms }: HandedOver): unknown =>
  JSON.parse(JSON.stringify(deliveryPacker('test', sealing)(delivery, terms)))

/** Returns the delivery that the handler gets on the other side. */
async function throughTheQueue(handed: HandedOver, signal?: AbortSignal): Promise<QueuedDelivery> {
  const got: QueuedDelivery[] = []
  const handle = queuedHandler<Delivery>('test', { otherwise: (delivery) => got.push(delivery) }, sealing)
  await handle(packed(handed), signal)
  return got[0]!
}

const received = {
  event: 'message.received',
  event_id: 'evt_1',
  occurred_at: '2025-12-31T23:59:00Z',
  attempt: 3,
  inbox_id: 'inb_1',
  thread_id: 'thr_1',
  message: { id: 'msg_1', from: 'Ada', 'a field that no schema knows': 1.0, subject: 'Zürich 🎉' },
}

describe('a delivery out of a queue', () => {
  it('is what went in, but for what only the receiver can do', async () => {
    const handed = await openMailEvent(received)
    const { id, provider, account, trust, sentAt, receivedAt, attempt, stale, event } = handed.delivery
    expect(account).toBe('eu')
    expect(event).toMatchObject({ type: 'message.received', entity: 'inb_1', occurredAt: expect.any(Date) })
    expect(stale).toBe(false)
    const got = await throughTheQueue(handed)
    expect({ ...got }).toEqual({ id, provider, account, trust, sentAt, receivedAt, attempt, stale, event })
    expect(Buffer.from(got.rawBody()).toString()).toBe(handed.body)
    // The types hide them; without types they must not claim to have settled anything.
    const { complete, release } = got as Delivery
    expect(await Promise.all([complete.call(got), release.call(got)])).toEqual([false, false])
  })

  it('keeps an unknown event, and one that does not fit its schema, as they are', async () => {
    for (const payload of [
      { event: 'inbox.exploded', event_id: 'evt_2', secret: 'x' },
      { event: 'message.received', event_id: 'evt_3' },
    ]) {
      const handed = await openMailEvent(payload)
      const { event } = await throughTheQueue(handed)
      expect(event).toEqual(handed.delivery.event)
      expect(event).toMatchObject({ type: 'unknown', name: payload.event, known: false, payload })
    }
  })

  it('has no time where its provider gave none', async () => {
    const handed = await openMailEvent({ ...received, occurred_at: undefined })
    const { event } = await throughTheQueue(handed)
    expect(event).toEqual(handed.delivery.event)
    expect(event).not.toHaveProperty('occurredAt')
  })

  it('shows no credentials when it is printed', async () => {
    const got = await throughTheQueue(await mailboxCreated())
    for (const printed of [got, got.event].flatMap((value) => [JSON.stringify(value), inspect(value, { depth: 9 })])) {
      expect(printed).toContain('mailbox.created')
      expect(printed).toContain('[redacted]')
      expect(printed).not.toContain(APP_PASSWORD)
    }
  })

  it('has the signal of its job', async () => {
    const { signal } = new AbortController()
    expect((await throughTheQueue(await mailboxCreated(), signal)).signal).toBe(signal)
    expect((await throughTheQueue(await mailboxCreated())).signal.aborted).toBe(false)
  })
})

describe('the handlers', () => {
  it('are called by type, as dispatch calls them', async () => {
    const called: string[] = []
    const handle = queuedHandler(
      'test',
      {
        'mailbox.created': async ({ event }) => called.push(event.payload.data.mailboxDetails.email),
        otherwise: ({ event }) => called.push(event.type),
      },
      sealing,
    )
    await handle(packed(await mailboxCreated()))
    await handle(packed(await openMailEvent(received)))
    expect(called).toEqual(['john@coldmailseller.com', 'message.received'])
  })

  it('do not hand their results to the queue, which would store them', async () => {
    const handle = queuedHandler('test', { otherwise: async ({ event }) => event.payload }, sealing)
    expect(await handle(packed(await mailboxCreated()))).toBeUndefined()
  })

  it('are wanted at start', () => {
    expect(() => queuedHandler('bullmqProcessor', undefined as unknown as object, sealing)).toThrow(
      /bullmqProcessor: pass the handlers/,
    )
  })

  it.each([sealing, { plaintext: true }, { 'mailbox.created': 'provision' }])('are functions: %o', (handlers) => {
    expect(() => queuedHandler('test', handlers as object, sealing)).toThrow(TypeError)
    expect(() => queuedHandler('test', handlers as object, sealing)).toThrow(/test: pass the handlers first/)
  })

  it('may be left out one by one', () => {
    expect(queuedHandler('test', { otherwise: undefined } as object, sealing)).toBeDefined()
  })
})

describe('a failure, as the queue stores it', () => {
  async function failureOf(fail: (delivery: QueuedDelivery) => unknown): Promise<Error> {
    const handle = queuedHandler<Delivery>('test', { otherwise: fail }, sealing)
    return handle(packed(await mailboxCreated())).then(
      () => expect.unreachable(),
      (error) => error,
    )
  }

  it('says what happened, and nothing of the credentials it quotes', async () => {
    class DatabaseError extends Error {
      override readonly name = 'DatabaseError'
      readonly code = '23505'
      readonly detail = `Key (password)=(${APP_PASSWORD})`
      readonly request = { body: APP_PASSWORD }
    }
    const error = await failureOf(() => {
      throw new DatabaseError(`duplicate key (${APP_PASSWORD})`, { cause: new Error(APP_PASSWORD) })
    })
    expect(error).toMatchObject({ name: 'DatabaseError', code: '23505', message: 'duplicate key ([redacted])' })
    expect(error.stack).toContain('queued-handler.test.ts')
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(APP_PASSWORD)
  })

  const PASSWORD = 'pa"ss\\wörd 1'

  it.each([
    ['as JSON', JSON.stringify({ p: PASSWORD }), '{"p":"[redacted]"}'],
    [
      'as JSON in JSON',
      JSON.stringify({ body: JSON.stringify({ p: PASSWORD }) }),
      '{"body":"{\\"p\\":\\"[redacted]\\"}"}',
    ],
    ['in a URL', `https://example.com/?p=${encodeURIComponent(PASSWORD)}`, 'https://example.com/?p=[redacted]'],
  ])('says nothing of a credential that it quotes %s, in its name and code neither', async (_how, quote, cleaned) => {
    const delivery = packed(await mailboxCreated({ appPassword: PASSWORD }))
    const fail = () => Promise.reject(Object.assign(new Error(quote), { name: quote, code: quote }))
    const handle = queuedHandler<Delivery>('test', { otherwise: fail }, sealing)
    await expect(handle(delivery)).rejects.toMatchObject({ message: cleaned, name: cleaned, code: cleaned })
  })

  it.each([
    ['in a form', String(new URLSearchParams({ p: APP_PASSWORD }))],
    ['in the user info of a URL', `smtp://john:${encodeURIComponent(APP_PASSWORD)}@example.com`],
    ['without its spaces', `AUTH ${APP_PASSWORD.replaceAll(' ', '')} failed`],
    ['as AUTH PLAIN', `AUTH PLAIN ${Buffer.from(`\0john\0${APP_PASSWORD}`).toString('base64')}`],
    ['as Basic, in base64url', Buffer.from(`john:${APP_PASSWORD}`).toString('base64url')],
  ])('says nothing of an app password that it quotes %s', async (_how, quote) => {
    const error = await failureOf(() => Promise.reject(new Error(`(${quote})`)))
    expect(error.message).toMatch(/^\(.*\[redacted\].*\)$/)
    expect(error.message).not.toContain(quote)
    expect(error.stack).not.toContain(quote)
  })

  it.each([
    ['a number', { pin: 48_151_623 }, '48151623'],
    ['in a list', { tokens: ['planted-one', { deep: 'planted-two' }] }, 'planted-two'],
    ['below an object of another name', { secret: { of: { the: 'planted-three' } } }, 'planted-three'],
  ])('says nothing of a credential that is %s', async (_what, fields, planted) => {
    const delivery = packed(await mailboxCreated(fields))
    const fail = () => Promise.reject(new Error(`refused ${planted} and true`))
    const handle = queuedHandler<Delivery>('test', { otherwise: fail }, sealing)
    await expect(handle(delivery)).rejects.toThrow(/^refused \[redacted\] and true$/)
  })

  it('keeps what else it quotes of the payload', async () => {
    const { data } = JSON.parse((await mailboxCreated()).body)
    const quote = `${data.mailboxDetails.email} of mailbox.created`
    const error = await failureOf(() => Promise.reject(new Error(quote)))
    expect(error.message).toBe(quote)
  })

  it('takes no time to speak of with 16,000 credentials, and is short', async () => {
    const passwords = Array.from({ length: 16_000 }, (_, index) => (index + 1_000_000).toString(36))
    const delivery = packed(await mailboxCreated({ passwords }))
    const fail = () => Promise.reject(new Error(JSON.stringify({ passwords, padding: 'x'.repeat(50_000) })))
    const handle = queuedHandler<Delivery>('test', { otherwise: fail }, sealing)
    const before = process.cpuUsage()
    const error: Error = await handle(delivery).then(
      () => expect.unreachable(),
      (error) => error,
    )
    // It took 11 s once.
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(3_000)
    expect(error.message).not.toContain(passwords[7])
    expect(error.message.length).toBeLessThanOrEqual(10_000)
    expect(error.stack?.length).toBeLessThanOrEqual(20_000)
  })

  it.each([
    ['of another realm', runInNewContext("Object.assign(new TypeError('no planted apps pass word'), { code: 'E1' })")],
    ['without a prototype', Object.create(null)],
    ['undefined', undefined],
    ['with no text for a message', Object.assign(new Error(), { message: { password: APP_PASSWORD }, name: 7 })],
  ])('is an error for one %s', async (_what, thrown) => {
    const error = await failureOf(() => Promise.reject(thrown))
    expect(error).toBeInstanceOf(Error)
    expect(inspect(error)).not.toContain(APP_PASSWORD)
  })

  // A runner such as jest runs handlers in a realm of their own.
  it('keeps name, message and code of an error of another realm', async () => {
    const thrown = runInNewContext("Object.assign(new TypeError('no'), { code: 'E1' })")
    const error = await failureOf(() => Promise.reject(thrown))
    expect(error).toMatchObject({ name: 'TypeError', message: 'no', code: 'E1' })
  })

  it('is an error, whatever was thrown', async () => {
    const error = await failureOf(() => Promise.reject(`no ${APP_PASSWORD}`))
    expect(error).toEqual(new Error('no [redacted]'))
  })

  it.each(['ECONNRESET', 1062])('keeps the code %j, by which an operator knows what to do', async (code) => {
    const error = await failureOf(() => Promise.reject(Object.assign(new Error('down'), { code })))
    expect(error).toMatchObject({ message: 'down', code })
  })

  it.each([undefined, null, { of: APP_PASSWORD }])('has no code where that is %j', async (code) => {
    const error = await failureOf(() => Promise.reject(Object.assign(new Error('down'), { code })))
    expect(error).not.toHaveProperty('code')
  })

  it('says so where nothing could be written as a text', async () => {
    const error = await failureOf(() => Promise.reject(Object.create(null)))
    expect(error.message).toBe('A value that cannot be written as a text was thrown.')
  })

  it('keeps the name by which a queue knows what to do', async () => {
    const error = await failureOf(() => {
      throw Object.assign(new Error('Never again'), { name: 'UnrecoverableError' })
    })
    expect(error.name).toBe('UnrecoverableError')
  })
})
