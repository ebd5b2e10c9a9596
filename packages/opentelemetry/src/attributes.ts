import type { Outcome } from '@mailbox-hooks/core'
import type { Attributes } from '@opentelemetry/api'

/** The name of the instrumentation. */
export const NAME = '@mailbox-hooks/opentelemetry'

/** The operation name that the conventions define for handling a pushed message. */
export const PROCESS = 'process'

/** Returns the attributes of both spans and metrics, which have few values each. */
export function commonAttributes({ provider, kind, code }: Outcome): Attributes {
  return {
    'messaging.system': 'webhook',
    'messaging.operation.name': PROCESS,
    'messaging.operation.type': PROCESS,
    ...(provider !== undefined && { 'messaging.destination.name': provider }),
    ...errorType(kind, code),
    'mailbox_hooks.outcome': kind,
  }
}

function errorType(kind: Outcome['kind'], code: Outcome['code']): Attributes {
  if (code !== undefined) return { 'error.type': code }
  return kind === 'failed' || kind === 'abandoned' || kind === 'dead' ? { 'error.type': kind } : {}
}

/** Returns the attributes of a finished delivery. */
export function attributesOf(outcome: Outcome): Attributes {
  const { status, id, type, name, account, trust, reading, settled, jobId, attempt, queuedMs } = outcome
  const attributes: Record<string, string | number | boolean | undefined> = {
    // An abandoned delivery has no answer yet, and a worker answers nobody.
    'http.response.status_code': status === 0 ? undefined : status,
    'messaging.message.id': id,
    'mailbox_hooks.event.type': type,
    'mailbox_hooks.event.name': name,
    'mailbox_hooks.account': account,
    'mailbox_hooks.trust': trust,
    'mailbox_hooks.reading': reading,
    'mailbox_hooks.settled': settled,
    'mailbox_hooks.job.id': jobId,
    'mailbox_hooks.attempt': attempt,
    'mailbox_hooks.queued_ms': queuedMs,
  }
  const known = Object.entries(attributes).filter(([, value]) => value !== undefined)
  return { ...commonAttributes(outcome), ...(Object.fromEntries(known) as Attributes) }
}
