import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { openMail, type ReceiverOptions } from '@mailbox-hooks/core'
import { webhooks } from '@mailbox-hooks/express'
import { traceDeliveries } from '@mailbox-hooks/opentelemetry'
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'
import express, { type RequestHandler } from 'express'
import { onTestFinished } from 'vitest'

export const SECRET = 'openmail-secret'

export function messageReceived(secret = SECRET, sentAt = Date.now()) {
  const body = JSON.stringify({ event: 'test', event_id: 'evt_1', password: 'planted' })
  const seconds = String(Math.floor(sentAt / 1000))
  const signature = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')
  return { method: 'POST', body, headers: { 'x-timestamp': seconds, 'x-signature': signature } }
}

/** An observer, and everything that is exported of it. */
export function exporters() {
  const spans = new InMemorySpanExporter()
  const tracerProvider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] })
  const exported = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
  const reader = new PeriodicExportingMetricReader({ exporter: exported })
  const meterProvider = new MeterProvider({ readers: [reader] })
  onTestFinished(() => meterProvider.shutdown())
  const providers = { tracerProvider, meterProvider }
  return {
    tracerProvider,
    meterProvider,
    observer: Object.assign(traceDeliveries(providers), { providers }),
    spans: () => spans.getFinishedSpans(),
    /** The points of each metric: its attributes, and its sum or its count and bounds. */
    metrics: async () => {
      await reader.forceFlush()
      const found = exported.getMetrics().at(-1)?.scopeMetrics[0]?.metrics ?? []
      return Object.fromEntries(found.map(({ descriptor, dataPoints }) => [descriptor.name, dataPoints]))
    },
  }
}

/** An Express receiver that is traced, and everything that is exported of it. */
export async function setUp(
  options: Partial<ReceiverOptions> = {},
  handle: RequestHandler = (_req, res) => res.json({}),
) {
  const { observer, ...exported } = exporters()
  const receive = webhooks({ providers: [openMail({ secrets: [SECRET] })], observer, ...options })
  const app = express()
  app.post('/webhooks', receive, handle)
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks`

  return {
    ...exported,
    send: async (request: RequestInit = messageReceived()) => (await fetch(url, request)).status,
  }
}
