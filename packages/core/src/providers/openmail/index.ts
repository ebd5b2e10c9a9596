import { checkNames } from '../../options/option-names.js'
import type { SecretsOption } from '../../signature/secrets.js'
import { defineProvider } from '../define-provider.js'
import { once } from '../once.js'
import type { JsonObject, Provider } from '../provider.js'
import { openMailSchemas } from './schemas.js'

export interface OpenMailOptions {
  /**
   * Webhook secrets: the account's, and one for each inbox that has its own webhook address. Changing an inbox's
   * secret ends the old one at once, so list both while you change it.
   */
  readonly secrets: SecretsOption
  /** Tells several accounts apart that share a store. Default none. */
  readonly account?: string | undefined
  /** How old a delivery may be. Default 300, as the provider's samples have it. */
  readonly maxAgeSeconds?: number | undefined
  /** How far from the future it may come. Default 300, likewise. */
  readonly maxAheadSeconds?: number | undefined
}

export type OpenMailEvents = ReturnType<typeof openMailSchemas>

const OPTIONS = ['secrets', 'account', 'maxAgeSeconds', 'maxAheadSeconds']

const TIMESTAMP_HEADER = 'x-timestamp'

const schemas = once(openMailSchemas)

/**
 * OpenMail: inbound mail, and the suspension and reactivation of inboxes and pods.
 *
 * Its signature is HMAC-SHA256, in hex, over the Unix seconds in `X-Timestamp`, a dot, and the body. `X-Event-Id` is
 * not signed, so the `event_id` of the body names the event. It sends five times in about eight minutes, each time with
 * a new timestamp, `attempt` and `delivered_at`. The documents of all of this: docs/providers.md.
 *
 * @example
 * webhooks({ providers: [openMail({ secrets: [process.env.OPENMAIL_WEBHOOK_SECRET] })] })
 */
export function openMail(options: OpenMailOptions): Provider<'openmail', OpenMailEvents> {
  const { secrets, account, maxAgeSeconds = 300, maxAheadSeconds = 300 } = checkNames('openmail', options, OPTIONS)
  return defineProvider({
    name: 'openmail',
    account,
    signature: {
      header: 'x-signature',
      secrets,
      readings: [
        {
          name: 'timestamp.body',
          trust: 'body+timestamp',
          before: (headers) => `${headers.header(TIMESTAMP_HEADER)}.`,
        },
      ],
    },
    timestamp: { header: TIMESTAMP_HEADER, format: 'unix-seconds', maxAgeSeconds, maxAheadSeconds },
    // Attempts at 0, 30, 60, 120 and 240 s, each from the one before, each of which may wait 15 s for its answer.
    retries: { spanMs: 525_000, maxHandlerMs: 200_000 },
    describe,
    events: schemas,
  })
}

function describe(payload: JsonObject) {
  return {
    type: payload.event,
    id: payload.event_id,
    occurredAt: payload.occurred_at,
    entity: payload.inbox_id ?? payload.pod_id,
    attempt: payload.attempt,
  }
}
