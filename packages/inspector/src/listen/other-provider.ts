import { defineProvider } from '@mailbox-hooks/core'
import { OTHER_HEADER } from '@mailbox-hooks/core/journal'

/** Stands for senders whose headers no provider has. It verifies nothing, because no request has its header. */
export const otherProvider = () =>
  defineProvider({
    name: 'other',
    signature: {
      header: OTHER_HEADER,
      secrets: ['a-secret-that-nobody-signs-with'],
      readings: [{ content: ['body'] }],
    },
    retries: { spanMs: 3_600_000, maxHandlerMs: 600_000 },
    describe: ({ type, event }) => ({ type: type ?? event }),
    events: () => ({}),
  })
