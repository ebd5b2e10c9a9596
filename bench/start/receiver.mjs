import { coldMailReseller, inboxKit, openMail } from '@mailbox-hooks/core'
import { webhooks } from '@mailbox-hooks/express'

webhooks({
  providers: [
    coldMailReseller({ secrets: ['a-first-secret-of-the-benchmark'] }),
    inboxKit({ secrets: ['a-second-secret-of-the-benchmark'] }),
    openMail({ secrets: ['a-third-secret-of-the-benchmark'] }),
  ],
})
