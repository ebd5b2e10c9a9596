import { createHmac } from 'node:crypto'
import {
  defineProvider,
  type EventSchemas,
  type JsonObject,
  type Provider,
  type ProviderDefinition,
} from '@mailbox-hooks/core'
import type { ProviderUnderTest } from '../../src/suites.js'

type Definition = ProviderDefinition<'acme', EventSchemas>

/** A provider as it should be, and how it signs. */
export const ACME: ProviderUnderTest = {
  name: 'acme',
  provider: (secrets) => acme(secrets),
  sign: ({ body, sentAt, secret, id }) => {
    const time = String(sentAt.getTime() / 1000)
    const signature = createHmac('sha256', secret).update(`${time}.`).update(body).digest('hex')
    return { 'X-Acme-Time': time, 'X-Acme-Signature': `v1=${signature}`, 'X-Acme-Delivery': id }
  },
  samples: {
    'order.paid': {
      type: 'order.paid',
      id: 'evt_1',
      attempt: 1,
      data: { order: 'ord_1', email: 'ada@example.com', launchCode: '0000' },
    },
  },
  trust: 'body+timestamp',
  anotherEvent: (payload) => ({ ...payload, id: 'evt_2' }),
  nextAttempt: (payload) => ({ ...payload, attempt: 2 }),
  credentials: ['launchCode'],
}

function definitionOf(secrets: readonly string[]): Definition {
  return {
    name: 'acme',
    signature: {
      header: 'x-acme-signature',
      secrets,
      prefix: 'v1=',
      readings: [
        { name: 'time.body', trust: 'body+timestamp', before: (headers) => `${headers.header('x-acme-time')}.` },
      ],
    },
    timestamp: { header: 'x-acme-time', format: 'unix-seconds', maxAgeSeconds: 300, maxAheadSeconds: 300 },
    retries: { spanMs: 3_600_000, maxHandlerMs: 60_000 },
    describe: ({ type, id }) => ({ type, id }),
    events: () => ({ 'order.paid': texts('type', 'id') }),
    credentials: ['launchCode'],
  }
}

export const acme = (secrets: readonly string[]): Provider => defineProvider(definitionOf(secrets))

/** A provider that believes any body, and puts a value of its own in place of a header. */
export function answering(secrets: readonly string[], own: string, value: (nowMs: number) => string): Provider {
  const genuine = acme(secrets)
  return {
    ...genuine,
    examine: (headers, nowMs) => {
      const header = (name: string) => (name === own ? value(nowMs) : headers.header(name))
      return genuine.examine({ ...headers, header }, nowMs)
    },
    verify: () => ({ reading: 'time.body/hex', trust: 'body+timestamp' }),
  }
}

/** Looks a type up in an object, as code does that forgets what every object has. */
export function known(type: unknown): unknown {
  const names: Record<string, unknown> = {}
  if (type === '' || typeof names[String(type)] === 'function') throw new TypeError('no name')
  return type
}

export function changed(
  change: (definition: Definition) => Partial<Definition>,
): (secrets: readonly string[]) => Provider {
  return (secrets) => {
    const definition = definitionOf(secrets)
    return defineProvider({ ...definition, ...change(definition) })
  }
}

/** A schema of these fields, which are texts. */
export const texts = (...names: string[]) => schema((fields) => names.every((name) => typeof fields[name] === 'string'))

export const schema = (fits: (fields: JsonObject) => boolean): EventSchemas[string] => ({
  '~standard': {
    version: 1,
    vendor: 'test',
    validate: (value) =>
      fits(value as JsonObject) ? { value } : { issues: [{ message: 'It does not fit.', path: ['id'] }] },
  },
})
