import { inboxKit, memoryStore, type Outcome, openMail, type ReceiverOptions } from '@mailbox-hooks/core'
import { webhooks } from '@mailbox-hooks/fetch'
import { signedDelivery } from '@mailbox-hooks/testing'
import { Hono } from 'hono'
import { expect, it, onTestFinished, vi } from 'vitest'
import { titled } from '../../testing/src/titled.js'

const SECRET = 'openmail-webhook-secret'
const INBOXKIT_SECRET = 'inboxkit-team-key'
const BODY = JSON.stringify({ event: 'test', event_id: 'evt_1' })

function delivery(body: string | ReadableStream = BODY, init: RequestInit = {}): Request {
  const { headers } = signedDelivery('openmail', 'message.received', { secret: SECRET, body: BODY })
  return new Request('http://localhost/webhooks', { method: 'POST', headers, body, duplex: 'half', ...init })
}

/** A delivery with its length, as a server hands it over. */
function announced(): Request {
  const request = delivery()
  request.headers.set('content-length', String(BODY.length))
  return request
}

function receiver(options: Partial<ReceiverOptions> = {}) {
  const outcomes: Outcome[] = []
  const receive = webhooks({
    providers: [openMail({ secrets: [SECRET] }), inboxKit({ secrets: [INBOXKIT_SECRET] })],
    store: memoryStore(),
    onOutcome: (outcome) => outcomes.push(outcome),
    ...options,
  })
  return { receive, outcomes }
}

const streamOf = (...chunks: string[]) => ReadableStream.from(chunks.map((chunk) => Buffer.from(chunk)))

it('takes a handler that answers nothing for one that has handled the event', async () => {
  const { receive, outcomes } = receiver()
  const POST = receive(() => {})
  const answer = await POST(delivery())
  expect([answer.status, await answer.text()]).toEqual([200, '{"received":true}'])
  expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8')
  expect(outcomes).toMatchObject([{ kind: 'handled', status: 200 }])
  expect(await (await POST(delivery())).json()).toEqual({ received: true, duplicate: true })
})

it("returns the handler's own Response, and gives it the request", async () => {
  const { receive } = receiver()
  const own = Response.json({ mine: true }, { status: 202 })
  const handler = vi.fn(() => own)
  const request = delivery()
  expect(await receive(handler)(request)).toBe(own)
  expect(handler).toHaveBeenCalledWith(expect.objectContaining({ id: 'openmail:evt_1' }), request)
})

it.each([
  [
    'throws',
    () => {
      throw new Error('planted')
    },
  ],
  ['rejects', () => Promise.reject(new Error('planted'))],
])('gives the event back when the handler %s, and leaves the error to the runtime', async (_what, handler) => {
  const { receive, outcomes } = receiver()
  await expect(receive(handler)(delivery())).rejects.toThrow('planted')
  expect(outcomes).toMatchObject([{ kind: 'failed', status: 500, settled: true }])
  expect((await receive(() => {})(delivery())).status).toBe(200)
})

it.each([{ status: 200, body: '{}' }, 'ok', true, new Request('http://localhost')])(
  'gives the event back when the handler returns what is no Response, and says so: %o',
  async (answered) => {
    const { receive, outcomes } = receiver()
    const POST = receive((() => answered) as never)
    await expect(POST(delivery())).rejects.toThrow(TypeError)
    await expect(POST(delivery())).rejects.toThrow('webhooks: the handler must return a Response, or nothing')
    expect(outcomes).toMatchObject(Array(2).fill({ kind: 'failed', status: 500, settled: true }))
  },
)

it('takes the Response of a runtime that has one of its own', async () => {
  const { receive, outcomes } = receiver()
  const foreign = Object.assign(Object.create({ [Symbol.toStringTag]: 'Response' }), { status: 202 })
  expect(await receive(() => foreign)(delivery())).toBe(foreign)
  expect(outcomes).toMatchObject([{ kind: 'handled', status: 202 }])
})

it('serves several handlers with one receiver', async () => {
  const { receive } = receiver()
  await receive(() => {})(delivery())
  expect(await (await receive(() => {})(delivery())).json()).toEqual({ received: true, duplicate: true })
})

it('answers 500 for a body that has been read, and tells the operator what to change', async () => {
  const { receive, outcomes } = receiver()
  const app = new Hono()
  app.use(async (c, next) => {
    await c.req.json()
    await next()
  })
  app.post('/webhooks', (c) => receive(() => {})(c.req.raw))
  const answer = await app.request(delivery())
  expect([answer.status, await answer.json()]).toEqual([500, { received: false, error: 'body_already_read' }])
  expect(outcomes[0]?.message).toMatch(/before any body parser.*request\.json\(\)/)
})

it('answers 500 for a body that other code is reading', async () => {
  const { receive } = receiver()
  const request = delivery()
  request.body?.getReader()
  expect((await receive(() => {})(request)).status).toBe(500)
})

it('puts a streamed body together', async () => {
  const { receive } = receiver()
  const handler = vi.fn()
  await receive(handler)(delivery(streamOf(BODY.slice(0, 5), BODY.slice(5))))
  expect(Buffer.from(handler.mock.lastCall?.[0].rawBody()).toString()).toBe(BODY)
})

it('stops reading a body over the limit after a while, and lets its sender know', async () => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const { receive } = receiver({ limitBytes: 100 })
  const cancel = vi.fn()
  const pull = vi.fn((controller: ReadableStreamDefaultController) => controller.enqueue(Buffer.alloc(100_000)))
  const answer = await receive(() => {})(delivery(new ReadableStream({ pull, cancel }, { highWaterMark: 0 })))
  expect([answer.status, answer.headers.get('connection')]).toEqual([413, 'close'])
  expect(pull.mock.calls.length).toBeLessThan(25)
  await vi.advanceTimersByTimeAsync(2_000)
  expect(cancel).toHaveBeenCalled()
})

it('claims nothing for an upload that is cut off', async () => {
  const { receive, outcomes } = receiver()
  const handler = vi.fn()
  const upload = new ReadableStream({
    start: (controller) => controller.enqueue(Buffer.from(BODY.slice(0, 5))),
    pull: (controller) => controller.error(new Error('cut off')),
  })
  expect((await receive(handler)(delivery(upload))).status).toBe(400)
  expect(outcomes).toMatchObject([{ kind: 'rejected', code: 'body_aborted' }])
  expect((await receive(handler)(delivery())).status).toBe(200)
  expect(handler).toHaveBeenCalledTimes(1)
})

it.each(
  titled(
    [
      { what: 'empty', sent: '' },
      { what: 'cut', sent: BODY.slice(0, 20) },
    ],
    'what',
  ),
)('takes a body that is %s, though more was announced, for an upload that was cut off', async ({ sent }) => {
  const { receive, outcomes } = receiver()
  const handler = vi.fn()
  const answered = async (headers: Record<string, string>) => {
    const request = delivery(sent, { headers: { ...headers, 'content-length': '600' } })
    const answer = await receive(handler)(request)
    return [answer.status, await answer.json()]
  }
  const aborted = { received: false, error: 'body_aborted' }
  expect(await answered(signedDelivery('openmail', 'message.received', { secret: SECRET }).headers)).toEqual([
    400,
    aborted,
  ])
  // To it, a 4xx is final.
  const { headers } = signedDelivery('inboxkit', 'mailbox.status_changed', { secret: INBOXKIT_SECRET })
  expect(await answered(headers)).toEqual([503, aborted])
  // A stranger causes no 5xx.
  const forged = { ...headers, 'x-inboxkit-signature': `sha256=${'a'.repeat(64)}` }
  expect(await answered(forged)).toEqual([400, aborted])
  expect(outcomes).toMatchObject(Array(3).fill({ kind: 'rejected', code: 'body_aborted' }))
  expect(handler).not.toHaveBeenCalled()
})

it('does not touch the body of a refused request before it has looked for its length', async () => {
  const { receive } = receiver()
  const request = delivery(BODY, { headers: { 'content-length': String(BODY.length) } })
  const looked: string[] = []
  vi.spyOn(request, 'body', 'get').mockImplementation(() => {
    looked.push('body')
    return null
  })
  vi.spyOn(request.headers, 'get').mockImplementation((name) => {
    looked.push(name)
    return name === 'content-length' ? String(BODY.length) : null
  })
  await receive(() => {})(request)
  expect(looked.indexOf('content-length')).toBeLessThan(looked.indexOf('body'))
})

it('reads a short body without its stream, which some runtimes create on the first access', async () => {
  const { receive } = receiver()
  const request = announced()
  const body = vi.spyOn(request, 'body', 'get')
  expect((await receive(() => {})(request)).status).toBe(200)
  expect(body).not.toHaveBeenCalled()
})

it('refuses a body that somebody else holds, as one that was read', async () => {
  const { receive, outcomes } = receiver()
  const request = announced()
  request.body?.getReader()
  expect((await receive(() => {})(request)).status).toBe(500)
  expect(outcomes).toMatchObject([{ code: 'body_already_read' }])
})

it('closes the connection of each refused upload whose end was not announced, whatever it is refused for', async () => {
  const { receive } = receiver()
  const refused = async (request: Request) => {
    const answer = await receive(() => {})(request)
    return [answer.status, answer.headers.get('connection'), await answer.text()]
  }
  const unknown = await refused(delivery(streamOf(BODY), { headers: {} }))
  expect(unknown.slice(0, 2)).toEqual([401, 'close'])
  expect(await refused(delivery(streamOf('tampered ', 'with')))).toEqual(unknown)
  expect((await refused(new Request('http://localhost/webhooks', { method: 'POST' }))).slice(0, 2)).toEqual([401, null])
})

it('says whether its store answers, and when no handler runs any more', async () => {
  const { receive } = receiver()
  expect(await receive.health()).toMatchObject({ ok: true, store: { ok: true } })
  let end = () => {}
  const answer = receive(() => new Promise<void>((resolve) => (end = resolve)))(delivery())
  await new Promise(setImmediate)
  let isIdle = false
  const idle = receive.idle().then(() => (isIdle = true))
  await new Promise(setImmediate)
  expect(isIdle).toBe(false)
  end()
  await Promise.all([answer, idle])
})

it('may lack a handler only where a queue takes each delivery', async () => {
  expect(() => receiver().receive()).toThrow(TypeError)
  expect(() => receiver().receive()).toThrow('pass the handler, webhooks(options)(async (delivery) => {})')
  const queued: string[] = []
  const { receive } = receiver({ handOff: async ({ id }) => queued.push(id) })
  expect(await (await receive()(delivery())).json()).toEqual({ received: true, queued: true })
  expect(queued).toEqual(['openmail:evt_1'])
})
