import { defineProvider } from '@mailbox-hooks/core'
import { providerSuite } from '../../src/suites.js'

// The least that a provider may do: a token, no time, and no id.
providerSuite({
  name: 'a provider with a static token',
  provider: (secrets) =>
    defineProvider({
      name: 'bare',
      signature: {
        header: 'x-bare-token',
        secrets,
        encodings: ['text'],
        readings: [{ name: 'token', trust: 'sender', token: (secret) => Buffer.from(`${secret}.bare`) }],
      },
      retries: { spanMs: 3_600_000, maxHandlerMs: 60_000 },
      describe: (_payload, headers) => ({ type: headers.header('x-bare-type') }),
      events: () => ({
        ping: {
          '~standard': {
            version: 1,
            vendor: 'test',
            validate: (value) =>
              typeof (value as { at: unknown }).at === 'number'
                ? { value }
                : { issues: [{ message: 'No.', path: ['at'] }] },
          },
        },
      }),
    }),
  sign: ({ type, secret }) => ({ 'x-bare-token': `${secret}.bare`, 'x-bare-type': type }),
  samples: { ping: '{ "at": 1 }' },
  trust: 'sender',
  anotherEvent: () => ({ at: 2 }),
  differences: {
    noTime: { reason: 'its requests say nothing but what happened' },
    noEventId: { reason: 'likewise' },
  },
})
