import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { openMail, type ReceiverOptions } from '@mailbox-hooks/core'
import { webhooks } from '@mailbox-hooks/express'
import { traceDeliveries } from '@mailbox-hooks/opentelemetry'
import { context, metrics, SpanStatusCode, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base'
import express, { type RequestHandler } from 'express'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'

beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
})
afterAll(() => context.disable())

const SECRET = 'openmail-secret'

function messageReceived(secret = SECRET, sentAt = Date.now()) {
  const body = JSON.stringify({ event: 'test', event_id: 'evt_1', password: 'planted' })
  const seconds = String(Math.floor(sentAt / 1000))
  const signature = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')
  return { method: 'POST', body, headers: { 'x-timestamp': seconds, 'x-signature': signature } }
}

/** An Express receiver that is traced, and everything that is exported of it. */
async function setUp(options: Partial<ReceiverOptions> = {}, handle: RequestHandler = (_req, res) => res.json({})) {
  const spans = new InMemorySpanExporter()
  const tracerProvider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] })
  const exported = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
  const reader = new PeriodicExportingMetricReader({ exporter: exported })
  const meterProvider = new MeterProvider({ readers: [reader] })
  onTestFinished(() => meterProvider.shutdown())

  const receive = webhooks({
    providers: [openMail({ secrets: [SECRET] })],
    observer: traceDeliveries({ tracerProvider, meterProvider }),
    ...options,
  })
  const app = express()
  app.post('/webhooks', receive, handle)
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks`

  return {
    tracerProvider,
    meterProvider,
    send: async (request: RequestInit = messageReceived()) => (await fetch(url, request)).status,
    /** Those of the delivery, and of it alone. */
    spans: () => spans.getFinishedSpans(),
    /** The points of each metric: its attributes, and its sum or its count and bounds. */
    metrics: async () => {
      await reader.forceFlush()
      const found = exported.getMetrics().at(-1)?.scopeMetrics[0]?.metrics ?? []
      return Object.fromEntries(found.map(({ descriptor, dataPoints }) => [descriptor.name, dataPoints]))
    },
  }
}

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

describe('the metrics', () => {
  it('count deliveries by outcome and code', async () => {
    const { send, metrics } = await setUp()
    await send()
    await send()
    await send()
    await send(messageReceived('guessed'))
    const points = (await metrics())['mailbox_hooks.deliveries']!
    const counts = points.map(({ attributes, value }) => [
      attributes['mailbox_hooks.outcome'],
      attributes['error.type'],
      value,
    ])
    expect(counts).toEqual([
      ['handled', undefined, 1],
      ['duplicate', undefined, 2],
      ['rejected', 'signature_invalid', 1],
    ])
  })

  it('measure handlers in seconds, without what is not theirs', async () => {
    const { send, metrics } = await setUp({}, async (_req, res) => {
      await new Promise((resolve) => setTimeout(resolve, 30))
      res.json({})
    })
    await send()
    await send()
    const points = (await metrics())['messaging.process.duration']!
    expect(points).toMatchObject([{ attributes: { 'mailbox_hooks.outcome': 'handled' }, value: { count: 1 } }])
    const { sum } = points[0]!.value as { sum: number }
    expect(sum).toBeGreaterThan(0.025)
    expect(sum).toBeLessThan(5)
  })

  it('measure the age of what is authentic, and of nothing else', async () => {
    const { send, metrics } = await setUp()
    await send(messageReceived(SECRET, Date.now() - 60_000))
    await send(messageReceived('guessed', Date.now() - 90_000))
    const points = (await metrics())['mailbox_hooks.delivery.age']!
    expect(points).toMatchObject([{ value: { count: 1 } }])
    expect((points[0]!.value as { sum: number }).sum).toBeCloseTo(60, -1)
  })

  it('know no time before the sending, though the clocks differ', async () => {
    const { send, metrics } = await setUp()
    await send(messageReceived(SECRET, Date.now() + 60_000))
    expect((await metrics())['mailbox_hooks.delivery.age']).toMatchObject([{ value: { count: 1, sum: 0 } }])
  })
})

it('knows its options by their names', () => {
  expect(() => traceDeliveries({ tracer: trace } as object)).toThrow(TypeError)
  expect(() => traceDeliveries({ tracer: trace } as object)).toThrow(
    'traceDeliveries: there is no option tracer; there are tracerProvider, meterProvider',
  )
})

it('records nothing where no provider is registered', async () => {
  const seen: unknown[] = []
  const { send } = await setUp({ observer: traceDeliveries() }, (_req, res) => {
    seen.push(trace.getActiveSpan()?.isRecording())
    res.json({})
  })
  expect(await send()).toBe(200)
  expect(seen).toEqual([false])
})

it('records with the providers that are registered where it is given none', async () => {
  const { tracerProvider, meterProvider, spans, metrics: recorded } = await setUp()
  trace.setGlobalTracerProvider(tracerProvider)
  metrics.setGlobalMeterProvider(meterProvider)
  onTestFinished(() => {
    trace.disable()
    metrics.disable()
  })
  const { send } = await setUp({ observer: traceDeliveries() })
  expect(await send()).toBe(200)
  expect(spans().at(-1)?.name).toBe('process openmail')
  expect((await recorded())['mailbox_hooks.deliveries']).toMatchObject([{ value: 1 }])
})
