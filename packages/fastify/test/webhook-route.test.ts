import type { RouteOptions } from 'fastify'
import { describe, expect, it } from 'vitest'
import { fixHead, hideBody, setAnswer, statusOf } from '../src/route.js'
import { isSwitchedOn, isWebhookRoute } from '../src/webhook-route.js'

const route = (options: object) =>
  isWebhookRoute({ method: 'POST', url: '/in', handler: () => {}, ...options } as unknown as RouteOptions)

describe('a key that is one mistake from webhook', () => {
  it.each([
    ...['ebhook', 'webook', 'webhoo', 'webhok'],
    ...['wwebhook', 'webxhook', 'webhookx', 'xwebhook'],
    ...['xebhook', 'wabhook', 'webhool'],
    ...['ewbhook', 'wehbook', 'webhoko'],
    ...['WEBHOOK', 'web_hook', 'web hook', 'webhook2', 'webhooks', 'webhoks', 'web-hooks'],
  ])('is taken for it, and refused: %s', (key) => {
    expect(() => isSwitchedOn({ [key]: true } as object, 'the route x')).toThrow(TypeError)
    const message = `webhooks: the route x has config.${key}: do you mean config.webhook?`
    expect(() => isSwitchedOn({ [key]: true } as object, 'the route x')).toThrow(message)
    expect(() => route({ [key]: true })).toThrow(`webhooks: the route POST /in has the option ${key}: do you mean`)
  })

  it.each([
    'webho',
    'bhook',
    'webhookxx',
    'xxwebhook',
    'wabhoek',
    'ebwhook',
    'hookweb',
    'webbhookk',
    'hook',
    'web',
    '',
    'whook',
  ])('is told from another one: %j', (key) => {
    expect(isSwitchedOn({ [key]: true, webhook: true } as object, 'x')).toBe(true)
    expect(route({ [key]: true })).toBe(false)
  })
})

describe('the switch of a route', () => {
  it.each<[unknown, boolean]>([
    [undefined, false],
    [null, false],
    [{}, false],
    [{ webhook: undefined }, false],
    [{ webhook: false }, false],
    [{ webhook: true }, true],
  ])('in %j is %j', (config, isOn) => {
    expect(isSwitchedOn(config as object, 'x')).toBe(isOn)
    expect(route({ config })).toBe(isOn)
  })

  it.each<[string, unknown]>([
    ['"yes"', 'yes'],
    ['1', 1],
    ['null', null],
    ['function', () => true],
  ])('cannot be %s', (shown, webhook) => {
    const message = `webhooks: x has config.webhook ${shown}, but it must be true or false`
    expect(() => isSwitchedOn({ webhook } as object, 'x')).toThrow(message)
  })

  it('goes with no schema of the body, which nobody parses', () => {
    const config = { webhook: true }
    expect(() => route({ config, schema: { body: {} } })).toThrow(
      /^webhooks: the route POST \/in has schema\.body, .*: remove schema\.body$/,
    )
    for (const schema of [undefined, {}, { body: undefined }, { body: null }, { headers: {} }]) {
      expect(route({ config, schema })).toBe(true)
    }
    expect(route({ schema: { body: {} } })).toBe(false)
  })
})

/** A reply with its head alone. */
function replyWith(headers: Record<string, unknown>, statusCode = 200) {
  const head = { statusCode, headers: { ...headers }, changes: 0 }
  const reply = {
    get statusCode() {
      return head.statusCode
    },
    getHeaders: () => ({ ...head.headers }),
    removeHeader: (name: string) => {
      head.changes++
      delete head.headers[name]
    },
    code: (status: number) => {
      head.changes++
      head.statusCode = status
      return reply
    },
    headers: (more: object) => {
      head.changes++
      Object.assign(head.headers, more)
      return reply
    },
  }
  return { reply: reply as never, head }
}

describe('the head of a reply', () => {
  const cookies = ['a=1']

  it.each<[string, (head: ReturnType<typeof replyWith>['head']) => void]>([
    ['another status', (head) => (head.statusCode = 500)],
    ['another header', (head) => (head.headers['x-second'] = '2')],
    ['another value', (head) => (head.headers['x-first'] = '2')],
    ['a header less', (head) => delete head.headers['x-first']],
    ['a cookie more', (head) => (head.headers['set-cookie'] = ['a=1', 'b=2'])],
    ['one header for another', (head) => Object.assign(head, { headers: { 'x-second': '1', 'set-cookie': cookies } })],
  ])('is restored after %s', (_what, change) => {
    const { reply, head } = replyWith({ 'x-first': '1', 'set-cookie': cookies }, 201)
    const restore = fixHead(reply)
    change(head)
    restore()
    expect(head).toMatchObject({ statusCode: 201 })
    expect(head.headers).toEqual({ 'x-first': '1', 'set-cookie': cookies })
  })

  it('is left alone where nothing has changed', () => {
    const { reply, head } = replyWith({ 'x-first': '1' })
    fixHead(reply)()
    expect(head.changes).toBe(0)
  })

  it('becomes that of an answer of the receiver, with none of the headers of another body', () => {
    const { reply, head } = replyWith({
      'content-type': 'a/b',
      'content-length': '9',
      'content-encoding': 'br',
      'x-first': '1',
    })
    expect(setAnswer(reply, { status: 503, headers: { 'retry-after': '30' }, body: 'body' })).toBe('body')
    expect(head.statusCode).toBe(503)
    expect(head.headers).toEqual({ 'x-first': '1', 'retry-after': '30' })
  })

  it('has the status of a Response where that is what is sent', () => {
    const { reply } = replyWith({}, 200)
    expect([statusOf(reply, 'text'), statusOf(reply, new Response('', { status: 404 }))]).toEqual([200, 404])
  })
})

describe('a body that was read', () => {
  const received = { 'content-type': 'a/b', 'content-length': '9', 'transfer-encoding': 'chunked', 'x-first': '1' }
  const hidden = { 'content-type': undefined, 'content-length': undefined, 'transfer-encoding': undefined }

  it('is hidden from the parsers, and its headers come back', () => {
    const headers = { ...received, added: '2' }
    const request = { headers, raw: { headers: received } }
    const show = hideBody(request as never)
    expect(request.headers).toEqual({ ...headers, ...hidden })
    show()
    expect(request.headers).toBe(headers)
  })

  it('is hidden the same way where nobody has changed the headers', () => {
    const request = { headers: received as object, raw: { headers: received } }
    const show = hideBody(request as never)
    expect(request.headers).toEqual(hidden)
    show()
    // An assigned header would override the received one: none does any more.
    expect({ ...received, ...request.headers }).toEqual(received)
  })
})
