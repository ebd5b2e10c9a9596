import { traceDeliveries } from '@mailbox-hooks/opentelemetry'
import { context, SpanStatusCode } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { messageReceived, setUp } from './traced.js'

beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
})
afterAll(() => context.disable())

/** Each span as `parent > name`, in the order of their ends. */
function tree(spans: readonly ReadableSpan[]): string[] {
  const names = new Map(spans.map((span) => [span.spanContext().spanId, span.name]))
  return spans.map(({ name, parentSpanContext }) => {
    const parent = parentSpanContext === undefined ? undefined : names.get(parentSpanContext.spanId)
    return parent === undefined ? name : `${parent} > ${name}`
  })
}

describe('the spans of a delivery', () => {
  it('are one for the delivery and one for each of its steps', async () => {
    const { send, spans } = await setUp()
    expect(await send()).toBe(200)
    expect(tree(spans())).toEqual([
      'process openmail > verify',
      'process openmail > claim',
      'process openmail > handler',
      'process openmail',
    ])
    expect(spans().at(-1)!.attributes).toEqual({
      'messaging.system': 'webhook',
      'messaging.operation.name': 'process',
      'messaging.operation.type': 'process',
      'messaging.destination.name': 'openmail',
      'messaging.message.id': 'openmail:evt_1',
      'http.response.status_code': 200,
      'mailbox_hooks.outcome': 'handled',
      'mailbox_hooks.event.type': 'unknown',
      'mailbox_hooks.event.name': 'test',
      'mailbox_hooks.trust': 'body+timestamp',
      'mailbox_hooks.reading': 'timestamp.body/hex',
      'mailbox_hooks.settled': true,
    })
  })

  it('go as far as the delivery goes', async () => {
    const { send, spans } = await setUp()
    await send()
    const handled = spans().length
    await send()
    expect(tree(spans().slice(handled))).toEqual([
      'process openmail > verify',
      'process openmail > claim',
      'process openmail',
    ])
    expect(spans().at(-1)!.attributes).toMatchObject({ 'mailbox_hooks.outcome': 'duplicate' })
  })

  it('have the hand-off in place of the handler', async () => {
    const { send, spans } = await setUp({ handOff: async () => {} })
    await send()
    expect(tree(spans())[2]).toBe('process openmail > hand-off')
    expect(spans().at(-1)!.attributes).toMatchObject({ 'mailbox_hooks.outcome': 'queued' })
  })

  it("have the handler's own spans below them, also those it makes later", async () => {
    const { send, spans, tracerProvider } = await setUp({}, async (_req, res) => {
      await new Promise((resolve) => setTimeout(resolve, 5))
      tracerProvider.getTracer('application').startSpan('INSERT mailboxes').end()
      res.json({})
    })
    await send()
    expect(tree(spans())).toContain('handler > INSERT mailboxes')
  })

  it('stand below the span of the request, where one is open', async () => {
    const { send, spans, tracerProvider } = await setUp()
    const tracer = tracerProvider.getTracer('http')
    const observer = traceDeliveries({ tracerProvider })
    tracer.startActiveSpan('POST /webhooks', (span) => {
      observer.begin().end({ kind: 'handled', status: 200, durationMs: 1 })
      span.end()
    })
    expect(tree(spans())).toEqual(['POST /webhooks > process webhook', 'POST /webhooks'])
    expect(await send()).toBe(200)
  })

  it('are errors when the handler failed', async () => {
    const { send, spans } = await setUp({}, (_req, res) => void res.status(500).json({}))
    await send()
    const [, , handler, delivery] = spans()
    expect(delivery!.status.code).toBe(SpanStatusCode.ERROR)
    expect(delivery!.attributes).toMatchObject({ 'mailbox_hooks.outcome': 'failed', 'error.type': 'failed' })
    expect(handler!.name).toBe('handler')
  })

  it('are no errors of the server when it was sent a forgery; the code tells', async () => {
    const { send, spans } = await setUp()
    expect(await send(messageReceived('guessed'))).toBe(401)
    expect(tree(spans())).toEqual(['process openmail > verify', 'process openmail'])
    expect(spans()[1]!.status.code).toBe(SpanStatusCode.UNSET)
    expect(spans()[1]!.attributes).toMatchObject({
      'error.type': 'signature_invalid',
      'http.response.status_code': 401,
    })
  })

  it('are errors in the step that failed when the store is away', async () => {
    const down = () => Promise.reject(new Error('down'))
    const store = { claim: down, complete: down, release: down, extend: down }
    const { send, spans } = await setUp({ store })
    expect(await send()).toBe(503)
    const [, claim, delivery] = spans()
    expect([claim!.name, claim!.status.code, delivery!.status.code]).toEqual([
      'claim',
      SpanStatusCode.ERROR,
      SpanStatusCode.ERROR,
    ])
  })

  it('tell nothing of body, signature or secret', async () => {
    const { send, spans } = await setUp()
    const request = messageReceived()
    await send(request)
    await send(messageReceived('guessed'))
    const told = JSON.stringify(
      spans().map(({ name, attributes, events, status }) => [name, attributes, events, status]),
    )
    expect(told).not.toMatch(/planted|secret|password/)
    expect(told).not.toContain(request.headers['x-signature'])
  })
})
