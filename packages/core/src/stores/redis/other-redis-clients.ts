import type { OtherClient } from '../refuse-others.js'

/** Clients that have the methods of a Redis client, but with other arguments or results. */
export const OTHER_REDIS_CLIENTS: readonly OtherClient[] = [
  {
    isIt: (has, client) => has('internal_send_command') || isInLegacyMode(client),
    advice: 'this client uses callbacks. Pass a client of redis (4 or later, without legacyMode) or ioredis',
  },
  {
    isIt: (has, client) => has('execAsPipeline') || 'isPipeline' in client || 'multiExec' in client,
    advice: 'this is a pipeline or a transaction, which can run only once. Pass the client itself',
  },
]

/** Returns whether a client of redis 4 is in legacy mode. */
const isInLegacyMode = (client: { readonly options?: { readonly legacyMode?: unknown } }) =>
  client.options?.legacyMode === true
