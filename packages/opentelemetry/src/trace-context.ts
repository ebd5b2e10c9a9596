import type { TraceContext } from '@mailbox-hooks/core'
import { type Context, createTraceState, isSpanContextValid, type SpanContext, trace } from '@opentelemetry/api'

const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/

/** Writes a span's place as the headers of W3C Trace Context do. Undefined without a provider of spans. */
export function writeTrace(span: SpanContext): TraceContext | undefined {
  if (!isSpanContextValid(span)) return undefined
  const { traceId, spanId, traceFlags, traceState } = span
  const traceparent = `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`
  const tracestate = traceState?.serialize()
  return tracestate ? { traceparent, tracestate } : { traceparent }
}

/** Returns the context below the given place, or the context itself if there is none. */
export function readTrace(context: Context, place: TraceContext | undefined): Context {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(String(place?.traceparent)) ?? []
  if (traceId === undefined || spanId === undefined || flags === undefined) return context
  const traceState = place?.tracestate === undefined ? undefined : createTraceState(place.tracestate)
  const parent = {
    traceId,
    spanId,
    traceFlags: Number.parseInt(flags, 16),
    isRemote: true,
    ...(traceState !== undefined && { traceState }),
  }
  return isSpanContextValid(parent) ? trace.setSpanContext(context, parent) : context
}
