import { defineProvider } from '@mailbox-hooks/core'
import { HOUR_MS, type Options } from './options.js'

/**
 * Microsoft Graph change notifications: `clientState`, which you choose for a subscription, stands in each item. Nothing is
 * signed. The JWTs in `validationTokens`, which come with resource data, need keys from the network and are not checked.
 *
 * A request carries a list of notifications, so the receiver needs `handOff`.
 */
export const graph = ({ secrets, account }: Options) =>
  defineProvider({
    name: 'graph',
    account,
    list: 'value',
    signature: { field: 'clientState', secrets, readings: [{ algorithm: 'token' }] },
    retries: { spanMs: 4 * HOUR_MS, maxHandlerMs: 10_000 },
    describe: ({ id, subscriptionId, changeType, resource, lifecycleEvent }) => ({
      type: changeType ?? lifecycleEvent,
      id,
      entity: resource,
      about: { ids: [subscriptionId, resource] },
    }),
    events: () => ({}),
    // On creation of a subscription.
    handshakes: [{ method: 'POST', query: 'validationToken' }],
    credentials: ['clientState'],
  })
