import { defineProvider } from '@mailbox-hooks/core'
import { z } from 'zod'
import { field, HOUR_MS, type Options, WINDOW } from './options.js'

/**
 * Slack: `X-Slack-Signature: v0=…`, HMAC-SHA256 of `v0:`, the time, `:` and the body. Events are JSON; slash commands and
 * interactions are forms with the same signature.
 */
export const slack = ({ secrets, account }: Options) =>
  defineProvider({
    name: 'slack',
    account,
    body: 'json-or-form',
    signature: {
      header: 'x-slack-signature',
      prefix: 'v0=',
      secrets,
      readings: [{ content: [{ text: 'v0:' }, 'time', { text: ':' }, 'body'] }],
    },
    timestamp: { header: 'x-slack-request-timestamp', format: 'unix-seconds', ...WINDOW },
    // Three retries, of which no page says when.
    retries: { spanMs: 2 * HOUR_MS, maxHandlerMs: 3_000 },
    describe: (payload) => ({
      type: payload.command === undefined ? (field(payload.event, 'type') ?? payload.type) : 'slash_command',
      id: payload.event_id ?? payload.trigger_id,
      entity: payload.team_id,
    }),
    events: () => ({
      slash_command: z.looseObject({ command: z.string(), text: z.string() }),
    }),
    // A signed POST with a challenge: it is verified first, and is no event.
    handshakes: [{ field: 'challenge', when: { type: 'url_verification' } }],
    credentials: ['token'],
  })
