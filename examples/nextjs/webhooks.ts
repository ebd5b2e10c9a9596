import { coldMailReseller, inboxKit, openMail } from '@mailbox-hooks/core'

/** Returns the options of both routes. Throws if a secret is missing. */
export function createOptions() {
  const { CMR_API_KEY, INBOXKIT_API_KEY, OPENMAIL_WEBHOOK_SECRET } = process.env
  return {
    providers: [
      coldMailReseller({ secrets: [CMR_API_KEY] }),
      inboxKit({ secrets: [INBOXKIT_API_KEY] }),
      openMail({ secrets: [OPENMAIL_WEBHOOK_SECRET] }),
    ],
  }
}
