import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { openMail } from '@mailbox-hooks/core'
import { webhooks } from '@mailbox-hooks/express'
import { describe, expect, it, vi } from 'vitest'
import { errorInFastify } from '../src/error-in-fastify.js'
import { holdEnd, writeAnswer } from '../src/hold-end.js'
import { noteErrors } from '../src/note-errors.js'

const ANSWER = { status: 503, headers: { 'content-type': 'text/plain' }, body: 'replaced' }

/** A response whose event is settled by `settle`. */
function held(response = new ServerResponse(new IncomingMessage(new Socket()))) {
  let settle: (instead?: typeof ANSWER) => void = () => {}
  const settled = new Promise<typeof ANSWER | undefined>((resolve) => {
    settle = resolve
  })
  const seen: number[] = []
  holdEnd(response, (status) => {
    seen.push(status)
    return settled
  })
  return {
    response,
    seen,
    settle: async (instead?: typeof ANSWER) => {
      settle(instead)
      await new Promise(setImmediate)
    },
  }
}

describe('a response whose event is not settled yet', () => {
  it('answers each change as it would, and has none of them', async () => {
    const { response, seen, settle } = held()
    response.setHeader('x-first', '1')
    response.statusCode = 201
    response.statusMessage = 'First'
    expect(response.end('first')).toBe(response)

    expect(response.headersSent).toBe(false)
    expect(response.write('second')).toBe(true)
    expect(response.writeHead(500, { 'x-second': '2' })).toBe(response)
    expect(response.setHeader('x-second', '2')).toBe(response)
    expect(response.appendHeader('x-first', '2')).toBe(response)
    response.removeHeader('x-first')
    response.flushHeaders()
    response.statusCode = 500
    response.statusMessage = 'Second'
    expect(response.end('second')).toBe(response)
    await settle()

    expect(seen).toEqual([201])
    expect([response.statusCode, response.statusMessage, response.getHeaders()]).toEqual([
      201,
      'First',
      { 'x-first': '1' },
    ])
    expect(response.writableEnded).toBe(true)
  })

  it('keeps the methods that middleware has wrapped, and no others of its own', async () => {
    const response = new ServerResponse(new IncomingMessage(new Socket()))
    const setHeader = vi.fn(ServerResponse.prototype.setHeader)
    response.setHeader = setHeader as typeof response.setHeader
    const { settle } = held(response)
    response.end('first')
    response.setHeader('x-second', '2')
    expect(setHeader).not.toHaveBeenCalled()
    await settle()
    expect(response.setHeader).toBe(setHeader)
    expect(
      ['write', 'writeHead', 'flushHeaders', 'appendHeader', 'removeHeader'].filter((name) =>
        Object.hasOwn(response, name),
      ),
    ).toEqual([])
  })

  it('keeps a prototype that was put there meanwhile', async () => {
    const { response, settle } = held()
    const outer = Object.create(ServerResponse.prototype)
    response.end('first')
    Object.setPrototypeOf(response, outer)
    await settle()
    expect(Object.getPrototypeOf(response)).toBe(outer)
  })

  it('takes the answer of the receiver in place of its own', async () => {
    const { response, settle } = held()
    response.end('first')
    await settle(ANSWER)
    expect([response.statusCode, response.getHeaders()]).toEqual([503, { 'content-type': 'text/plain' }])
    expect(response.writableEnded).toBe(true)
  })
})

describe('an answer of the receiver', () => {
  it('leaves a response alone that something else has sent meanwhile', () => {
    const response = new ServerResponse(new IncomingMessage(new Socket()))
    response.writeHead(408).flushHeaders()
    const destroy = vi.spyOn(response, 'destroy')
    writeAnswer(response, ANSWER)
    expect([response.statusCode, response.writableEnded]).toEqual([408, false])
    expect(destroy).not.toHaveBeenCalled()
  })
})

describe('a request of Fastify', () => {
  const requestWith = (marks: object, readableDidRead = false) => ({ readableDidRead, ...marks }) as never
  const MARKS = { hostname: 'x', ips: [], log: {} }

  it('is found by its marks, as long as its body is unread', () => {
    const error = errorInFastify(requestWith(MARKS))
    expect(error).toBeInstanceOf(TypeError)
    expect(error?.message).toMatch(/Register @mailbox-hooks\/fastify instead/)
    expect(errorInFastify(requestWith(MARKS, true))).toBeUndefined()
    for (const name of Object.keys(MARKS)) {
      expect(errorInFastify(requestWith({ ...MARKS, [name]: undefined, [`${name}-other`]: 1 }))).toBeDefined()
      const { [name as keyof typeof MARKS]: _, ...others } = MARKS
      expect(errorInFastify(requestWith(others))).toBeUndefined()
    }
  })
})

describe('the middleware in a Fastify application', () => {
  it('passes the error on, and reads nothing', async () => {
    const receive = webhooks({ providers: [openMail({ secrets: ['key'] })] })
    const next = vi.fn()
    await receive({ readableDidRead: false, hostname: 'x', ips: [], log: {} } as never, {} as never, next)
    expect(next.mock.calls).toEqual([[expect.objectContaining({ name: 'TypeError' })]])
  })
})

describe('the layer that notes the errors of a route', () => {
  const requestOn = (route: object | null | undefined) => ({ route, method: 'POST' }) as never

  it('is none where there is no route, or the route has no such method', () => {
    for (const route of [undefined, null, {}]) expect(() => noteErrors(requestOn(route))).not.toThrow()
  })

  it('is added once, and passes an error on, also of a request that did not come here', () => {
    type Layer = (error: unknown, request: object, response: unknown, next: (error: unknown) => void) => void
    const layers: Layer[] = []
    const route = { post: (layer: Layer) => layers.push(layer) }
    noteErrors(requestOn(route))
    noteErrors(requestOn(route))
    expect(layers).toHaveLength(1)
    const passed: unknown[] = []
    for (const [error, from] of Object.entries([{}, { webhook: {} }, { webhook: null }, { webhook: 1 }])) {
      layers[0]?.(error, from, {}, (passedOn) => passed.push(passedOn))
    }
    expect(passed).toEqual(['0', '1', '2', '3'])
  })
})
