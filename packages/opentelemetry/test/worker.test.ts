import { createReceiver, type Delivery, type HandOffTerms, openMail } from '@mailbox-hooks/core'
import { deliveryPacker, queuedHandler } from '@mailbox-hooks/core/queue'
import { traceDeliveries } from '@mailbox-hooks/opentelemetry'
import { context, SpanStatusCode } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exporters, messageReceived, SECRET } from './traced.js'

beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
})
afterAll(() => context.disable())

const sealing = { sealingKeys: [new Uint8Array(32).fill(7)] }

/** A delivery in a queue, from a traced receiver. */
async function queued(observer = {}) {
  const packed: unknown[] = []
  const pack = deliveryPacker('test', sealing)
  const receiver = createReceiver({
    providers: [openMail({ secrets: [SECRET] })],
    handOff: async (delivery: Delivery, terms: HandOffTerms) => packed.push(pack(delivery, terms)),
    ...observer,
  })
  const { headers, body } = messageReceived()
  const request = {
    method: 'POST',
    header: (name: string) => (headers as Record<string, string>)[name],
    readBody: async () => Buffer.from(body),
    isOpenEnded: () => false,
  }
  expect((await receiver.receive(request)).answer?.status).toBe(200)
  return JSON.parse(JSON.stringify(packed[0])) as { trace?: unknown }
}

describe('a run in a worker', () => {
  it('is a span below the hand-off, in the same trace, with the steps below it', async () => {
    const { observer, spans } = exporters()
    const packed = await queued({ observer })
    const handle = queuedHandler<Delivery>('test', () => {}, {
      ...sealing,
      observer: traceDeliveries(observer.providers),
    })
    await handle(packed, { jobId: 'job_1', attempt: 1 })
    const all = spans()
    const [, , handOff, , handler, run] = all
    expect(all.map(({ name }) => name)).toEqual([
      'verify',
      'claim',
      'hand-off',
      'process openmail',
      'handler',
      'process openmail',
    ])
    expect(new Set(all.map((span) => span.spanContext().traceId)).size).toBe(1)
    expect(run!.parentSpanContext?.spanId).toBe(handOff!.spanContext().spanId)
    expect(run!.parentSpanContext?.isRemote).toBe(true)
    expect(handler!.parentSpanContext?.spanId).toBe(run!.spanContext().spanId)
    expect(run!.attributes).toEqual({
      'messaging.system': 'webhook',
      'messaging.operation.name': 'process',
      'messaging.operation.type': 'process',
      'messaging.destination.name': 'openmail',
      'messaging.message.id': 'openmail:evt_1',
      'mailbox_hooks.outcome': 'handled',
      'mailbox_hooks.event.type': 'unknown',
      'mailbox_hooks.event.name': 'test',
      'mailbox_hooks.trust': 'body+timestamp',
      'mailbox_hooks.job.id': 'job_1',
      'mailbox_hooks.attempt': 1,
      'mailbox_hooks.queued_ms': expect.any(Number),
    })
  })

  it('is an error if it failed, and tells nothing of the body', async () => {
    const { observer, spans } = exporters()
    const packed = await queued()
    const handle = queuedHandler<Delivery>(
      'test',
      ({ event }) => Promise.reject(new Error(JSON.stringify(event.payload))),
      { ...sealing, observer },
    )
    await expect(handle(packed, { attempt: 3, isLast: true })).rejects.toThrow()
    expect(spans().map(({ name, status }) => [name, status.code])).toEqual([
      ['handler', SpanStatusCode.UNSET],
      ['process openmail', SpanStatusCode.ERROR],
    ])
    expect(spans()[1]!.attributes).toMatchObject({ 'mailbox_hooks.outcome': 'dead', 'error.type': 'dead' })
    const told = JSON.stringify(spans().map(({ name, attributes, events }) => [name, attributes, events]))
    expect(told).not.toContain('planted')
  })

  it('begins a trace of its own where the place makes no sense', async () => {
    const { observer, spans } = exporters()
    for (const traceparent of ['', '00-xyz-1-01', `00-${'0'.repeat(32)}-${'0'.repeat(16)}-01`]) {
      observer.begin({ trace: { traceparent } }).end({ kind: 'handled', status: 0, durationMs: 1 })
    }
    expect(spans().map(({ parentSpanContext }) => parentSpanContext)).toEqual([undefined, undefined, undefined])
  })

  it('keeps the state and the flags of the trace', () => {
    const { observer, spans } = exporters()
    const trace = { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`, tracestate: 'vendor=1' }
    const run = observer.begin({ trace })
    expect(run.trace?.()).toEqual({
      traceparent: expect.stringMatching(/^00-a{32}-[0-9a-f]{16}-01$/),
      tracestate: 'vendor=1',
    })
    run.end({ kind: 'handled', status: 0, durationMs: 1 })
    expect(spans()[0]!.parentSpanContext).toMatchObject({ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) })
  })
})

it('the metrics of workers count runs, not deliveries, and measure queue time, handler time and attempts', async () => {
  const { observer, metrics } = exporters()
  const packed = await queued()
  let fails = true
  const handle = queuedHandler<Delivery>('test', () => (fails ? Promise.reject(new Error('x')) : 1), {
    ...sealing,
    observer,
  })
  await expect(handle(packed, { attempt: 1 })).rejects.toThrow()
  fails = false
  await handle(packed, { attempt: 2 })
  await expect(handle({}, {})).rejects.toThrow()
  const found = await metrics()
  expect(found['mailbox_hooks.deliveries']).toBeUndefined()
  expect(found['mailbox_hooks.runs']).toMatchObject([
    { attributes: { 'mailbox_hooks.outcome': 'failed', 'messaging.destination.name': 'openmail' }, value: 1 },
    { attributes: { 'mailbox_hooks.outcome': 'handled' }, value: 1 },
    { attributes: { 'mailbox_hooks.outcome': 'failed' }, value: 1 },
  ])
  expect(found['mailbox_hooks.run.queue_time']).toMatchObject([{ value: { count: 1 } }, { value: { count: 1 } }])
  expect(found['mailbox_hooks.run.attempts']).toMatchObject([
    { attributes: { 'mailbox_hooks.outcome': 'handled' }, value: { count: 1, sum: 2 } },
  ])
  expect(found['messaging.process.duration']).toMatchObject([{ value: { count: 1 } }, { value: { count: 1 } }])
})
