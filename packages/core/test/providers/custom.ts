import { defineProvider, type Provider } from '@mailbox-hooks/core'

/** A provider of one's own, with parts of its definition replaced, by wrong ones too. */
export function custom(changes: object): Provider {
  return defineProvider({
    name: 'acme',
    signature: { header: 'x-acme', secrets: ['key'], readings: [{ name: 'body', trust: 'body' }] },
    retries: { spanMs: 60_000, maxHandlerMs: 10_000 },
    describe: () => ({}),
    events: () => ({}),
    ...changes,
  })
}
