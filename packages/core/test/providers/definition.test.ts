import type { HeaderReader } from '@mailbox-hooks/core'
import { describe, expect, it } from 'vitest'
import { custom } from './custom.js'

describe('a definition that cannot work', () => {
  const signature = { header: 'x-acme', secrets: ['key'], readings: [{ name: 'body', trust: 'body' }] }
  const timestamp = { header: 'x-time', format: 'iso', maxAgeSeconds: 300, maxAheadSeconds: 300 }
  const reading = (...readings: unknown[]) => ({ signature: { ...signature, readings } })

  it.each<[string, object, string]>([
    ['no signature', { signature: undefined }, 'acme: signature must be { header, secrets, encodings, prefix,'],
    ['no header', { signature: { ...signature, header: undefined } }, 'acme signature: header must be a text that'],
    ['no secrets', { signature: { ...signature, secrets: undefined } }, 'acme: secrets must be a list'],
    ['no readings', { signature: { ...signature, readings: undefined } }, 'acme signature: readings must be a list of'],
    ['an empty list of readings', reading(), 'readings must be a list of { name, trust, before, token }'],
    ['a reading that is a text', reading('body'), 'acme signature: readings must be a list of { name, trust,'],
    [
      'a second reading of another trust',
      reading(...signature.readings, { name: 'b', trust: 'timestamp' }),
      "acme signature readings[1]: trust must be 'body' or 'body+timestamp' or 'sender'",
    ],
    ['a before that is a text', reading({ name: 'b', trust: 'body', before: '.' }), 'before must be a function'],
    [
      'a token that is not made',
      reading({ name: 'token', trust: 'sender' }),
      "acme signature readings[0]: token must be a function, (secret) => bytes, where trust is 'sender'",
    ],
    [
      'an encoding that there is not',
      { signature: { ...signature, encodings: ['b64'] } },
      "acme signature: encodings must be a list of 'hex' or 'base64' or 'text'",
    ],
    ['no encoding at all', { signature: { ...signature, encodings: [] } }, 'encodings must be a list of'],
    [
      'an empty separator',
      { signature: { ...signature, separator: '' } },
      'separator must be a text that is not empty',
    ],
    [
      'one encoding under another name',
      { signature: { ...signature, encoding: 'hex' } },
      'acme signature: there is no option encoding; do you mean encodings?',
    ],
    [
      'a reading with another word for before',
      reading({ name: 'b', trust: 'body', befor: () => '' }),
      'acme signature readings[0]: there is no option befor; do you mean before?',
    ],
    [
      'a claim of the time without a window',
      reading({ name: 'b', trust: 'body+timestamp', before: () => '' }),
      "acme signature readings[0]: 'body+timestamp' needs a timestamp, or claim trust: 'body'",
    ],
    [
      'a claim of the time that signs nothing before the body',
      { ...reading({ name: 'b', trust: 'body+timestamp' }), timestamp },
      "acme signature readings[0]: 'body+timestamp' needs before, which signs the time",
    ],
    [
      'a claim of the time that signs something else',
      {
        ...reading(...signature.readings, {
          name: 'b',
          trust: 'body+timestamp',
          before: (headers: HeaderReader) => `${headers.header('x-id')}.`,
        }),
        timestamp,
      },
      'acme signature readings[1]: before must contain the header x-time',
    ],
    [
      'one header for both',
      { timestamp: { ...timestamp, header: 'X-Acme' } },
      'acme: the signature and the time cannot be one header, X-Acme',
    ],
    [
      'a token that is a text',
      reading({ name: 'token', trust: 'sender', token: () => 'token' }),
      'acme signature readings[0]: token must return bytes',
    ],
    ['an empty token', reading({ name: 'token', trust: 'sender', token: () => new Uint8Array() }), 'must return bytes'],
    [
      'a token that fits in no encoding',
      reading({ name: 'token', trust: 'sender', token: () => new Uint8Array(7) }),
      "token must return 32 bytes, or encodings must have 'text'",
    ],
    ['a time without a header', { timestamp: { ...timestamp, header: '' } }, 'acme timestamp: header must be a text'],
    [
      'a time of another form',
      { timestamp: { ...timestamp, format: 'seconds' } },
      "acme timestamp: format must be 'unix-seconds' or 'unix' or 'iso'",
    ],
    ['a misspelt window', { timestamp: { ...timestamp, maxAgeSecond: 1 } }, 'do you mean maxAgeSeconds?'],
    ['no retries', { retries: undefined }, 'acme: retries must be { spanMs, maxHandlerMs, clientErrorsAreFinal }'],
    [
      'retries without end',
      { retries: { spanMs: Infinity, maxHandlerMs: 1 } },
      'acme retries: spanMs must be a number',
    ],
    ['no describe', { describe: undefined }, 'acme: describe must be a function'],
    ['events that are no function', { events: {} }, 'acme: events must be a function'],
    ['events that are promised', { events: async () => ({}) }, 'acme: events must return the schemas by event type'],
    ['events that are not returned', { events: () => {} }, 'acme: events must return the schemas by event type'],
    ['a handshake for every event', { handshakes: [{ field: 'a', when: {} }] }, 'when must be an object of texts'],
    ['a handshake with a list', { handshakes: [{ field: 'a', when: [] }] }, 'when must be an object of texts'],
    ['a handshake with a number', { handshakes: [{ field: 'a', when: { b: 1 } }] }, 'when must be an object of texts'],
    [
      'a handshake by a field of a list',
      { list: true, handshakes: [{ field: 'a', when: { b: 'c' } }] },
      'acme: handshakes by a field belong to a single event',
    ],
    ['one credential without a list', { credentials: 'launchCode' }, 'acme: credentials must be a list of names'],
  ])('is a TypeError that begins with the name of the provider: %s', (_what, changes, message) => {
    expect(() => custom(changes)).toThrow(TypeError)
    expect(() => custom(changes)).toThrow(message)
    expect(() => custom(changes)).toThrow(/^acme/)
  })

  it('is not one that uses all there is', () => {
    const all = {
      account: 'eu',
      signature: {
        ...signature,
        encodings: ['base64', 'text'],
        prefix: 'v1,',
        prefixOptional: true,
        separator: ' ',
        readings: [
          {
            name: 'time.body',
            trust: 'body+timestamp',
            before: (headers: HeaderReader) => `${headers.header('x-time')}.`,
          },
          { name: 'token', trust: 'sender', token: () => new Uint8Array(32) },
        ],
      },
      timestamp,
      credentials: [],
    }
    expect(custom(all).account).toBe('eu')
  })
})
