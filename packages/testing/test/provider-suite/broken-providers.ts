import type { HeaderReader, JsonObject, Provider } from '@mailbox-hooks/core'
import { acme, answering, changed, known, schema, texts } from './acme.js'

interface Broken {
  readonly provider: (secrets: readonly string[]) => Provider
  /** The name of a test that fails then. */
  readonly foundBy: string
}

/** Providers with one mistake each. */
export const BROKEN: Readonly<Record<string, Broken>> = {
  'looks at no time': {
    provider: (secrets) => {
      const provider = acme(secrets)
      // Judges each delivery at the moment that it names itself.
      const sentAtMs = (headers: HeaderReader) => Number(headers.header('x-acme-time')) * 1000
      return { ...provider, examine: (headers) => provider.examine(headers, sentAtMs(headers)) }
    },
    foundBy: 'refuses a delivery that is a year old',
  },

  'believes deliveries for a day': {
    provider: changed(({ timestamp }) => ({ timestamp: { ...timestamp!, maxAgeSeconds: 86_400 } })),
    foundBy: 'refuses a delivery that is one second older than it may be',
  },

  'believes deliveries from tomorrow': {
    provider: changed(({ timestamp }) => ({ timestamp: { ...timestamp!, maxAheadSeconds: 86_400 } })),
    foundBy: 'refuses a delivery that is one second further ahead than it may be',
  },

  'reads its time in another form': {
    provider: changed(({ timestamp }) => ({ timestamp: { ...timestamp!, format: 'iso' } })),
    foundBy: 'accepts order.paid with its type',
  },

  'believes any body': {
    provider: (secrets) => ({
      ...acme(secrets),
      verify: () => ({ reading: 'time.body/hex', trust: 'body+timestamp' }),
    }),
    foundBy: 'refuses a body with one byte changed, removed or added',
  },

  'compares the body as it would print it': {
    provider: (secrets) => {
      const genuine = acme(secrets)
      const printed = (body: Uint8Array) => Buffer.from(JSON.stringify(JSON.parse(Buffer.from(body).toString())))
      return { ...genuine, verify: (examined, headers, body) => genuine.verify(examined, headers, printed(body)) }
    },
    foundBy: 'accepts order.paid with unknown fields and other spacing',
  },

  'does not look at its signature': {
    provider: (secrets) => answering(secrets, 'x-acme-signature', () => `v1=${'0'.repeat(64)}`),
    foundBy: 'refuses a delivery without a signature',
  },

  'does not look at its time header': {
    provider: (secrets) => answering(secrets, 'x-acme-time', (nowMs) => String(Math.floor(nowMs / 1000))),
    foundBy: 'refuses a delivery without a time',
  },

  'has another secret for an empty one': {
    provider: (secrets) => acme(secrets.map((secret) => secret || 'default')),
    foundBy: 'does not start with an empty secret',
  },

  'shows its secrets': {
    provider: (secrets) => ({ ...acme(secrets), options: { secrets } }),
    foundBy: 'prints neither secrets nor signatures',
  },

  'throws for a type that is a property of every object': {
    provider: changed(() => ({ describe: ({ type, id }) => ({ type: known(type), id }) })),
    foundBy:
      'recognises {"type":"constructor","event":"constructor","id":"toString","data":"hasOwnProperty"}, or treats it as unknown',
  },

  'does not mind a missing prefix': {
    provider: changed(({ signature }) => ({ signature: { ...signature, prefixOptional: true } })),
    foundBy: 'refuses a signature without its prefix',
  },

  'reads base64, too': {
    provider: changed(({ signature }) => ({ signature: { ...signature, encodings: ['hex', 'base64'] } })),
    foundBy: 'refuses a signature in base64',
  },

  'looks for a good signature among several': {
    provider: changed(({ signature }) => ({ signature: { ...signature, separator: ',' } })),
    foundBy: 'refuses two signature headers, joined by ","',
  },

  'verifies by its first secret alone': {
    provider: (secrets) => acme(secrets.slice(0, 1)),
    foundBy: 'verifies with each of two secrets, so that one can be rotated',
  },

  'leaves out secrets that are not set': {
    provider: (secrets) => acme(secrets.filter(Boolean)),
    foundBy: 'does not start with one of two secrets that is not set',
  },

  'has a secret where none is given': {
    provider: (secrets) => acme(secrets.length === 0 ? ['none'] : secrets),
    foundBy: 'does not start with no secret',
  },

  'takes the id from a header that nobody signs': {
    provider: changed(() => ({
      describe: ({ type }, headers) => ({ type, id: headers.header('x-acme-delivery') }),
    })),
    foundBy: 'does not handle a captured delivery again when any header is changed or removed',
  },

  'takes the id of the thing for that of the event': {
    provider: changed(() => ({ describe: ({ type, data }) => ({ type, id: (data as JsonObject | null)?.order }) })),
    foundBy: 'accepts the next order.paid about the same entity as another event',
  },

  'knows no id': {
    provider: changed(() => ({ describe: ({ type }) => ({ type }) })),
    foundBy: 'deduplicates a later attempt of order.paid',
  },

  'throws for an event without data': {
    provider: changed(() => ({
      describe: ({ type, id, data }) => ({ type, id, entity: (data as JsonObject).order }),
    })),
    foundBy: 'recognises order.paid when any field is missing or of another type',
  },

  'throws for a type that is no text': {
    provider: changed(() => ({ describe: ({ type, id }) => ({ type: (type as string).toLowerCase(), id }) })),
    foundBy: 'recognises {}, or treats it as unknown',
  },

  'has a schema that its own sample does not fit': {
    provider: changed(() => ({ events: () => ({ 'order.paid': texts('type', 'id', 'currency') }) })),
    foundBy: 'accepts order.paid with its type',
  },

  'has a schema that lets no new field through': {
    provider: changed(() => ({
      events: () => ({ 'order.paid': schema((fields) => Object.keys(fields).length <= 4) }),
    })),
    foundBy: 'accepts order.paid with unknown fields and other spacing',
  },

  'has a schema that looks at nothing': {
    provider: changed(() => ({ events: () => ({ 'order.paid': schema(() => true) }) })),
    foundBy: 'refuses payloads that do not match, and reports paths but no values',
  },

  'knows an event of which there is no sample': {
    provider: changed(() => ({ events: () => ({ 'order.paid': texts('type'), 'order.lost': texts('type') }) })),
    foundBy: 'have a sample for each type that has a schema',
  },

  'takes each type for one that it knows': {
    provider: changed(() => ({ describe: ({ id }) => ({ type: 'order.paid', id }) })),
    foundBy: 'delivers an unknown type in the form of order.paid as unknown',
  },

  'claims that less is signed than is': {
    provider: changed(({ signature }) => ({
      signature: { ...signature, readings: [{ ...signature.readings[0]!, trust: 'body' } as never] },
    })),
    foundBy: 'accepts order.paid with its type',
  },

  'names no credentials': {
    provider: changed(() => ({ credentials: [] })),
    foundBy: 'redacts launchCode when printed, and keeps it in the payload',
  },
}
