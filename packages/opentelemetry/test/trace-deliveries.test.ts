import { traceDeliveries } from '@mailbox-hooks/opentelemetry'
import { context, metrics, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'

import { setUp } from './traced.js'

beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
})
afterAll(() => context.disable())

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
