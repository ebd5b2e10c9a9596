import type { OtherClient } from '../refuse-others.js'

/** Clients that have the methods of a client of Redis, and other arguments or answers. */
export const OTHER_REDIS_CLIENTS: readonly OtherClient[] = [
  {
    isIt: (has) => has('set', 'pipeline') && !has('on'),
    advice:
      '@upstash/redis and @vercel/kv send commands by HTTP, in another form. Their servers speak the protocol of Redis, ' +
      'too: pass a client of redis or ioredis',
  },
  {
    isIt: (has, client) => has('internal_send_command') || isInLegacyMode(client),
    advice: 'this client answers by callbacks. Pass a client of redis (4 or later, without legacyMode) or ioredis',
  },
  {
    isIt: (has, client) => has('execAsPipeline') || 'isPipeline' in client,
    advice: 'this is a pipeline or a transaction, which ends. Pass the client itself',
  },
]

/** As redis 4 has it. */
const isInLegacyMode = (client: { readonly options?: { readonly legacyMode?: unknown } }) =>
  client.options?.legacyMode === true
