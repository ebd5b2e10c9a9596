import { redisStore } from '@mailbox-hooks/core/redis'
import { Redis } from 'ioredis'
import type { Ledger } from '../ledger.js'
import type { Backend, OpenBackend } from './backend.js'

/** There is no transaction to share with Redis: the effect is one on the outside, e.g. a mail that is sent. */
export function openRedis({ url, name }: Backend, ledger: Ledger): OpenBackend {
  // A connection that is refused or cut is part of the test; the client looks for the server again.
  const client = new Redis(url, { retryStrategy: () => 50 }).on('error', () => {})
  return {
    store: redisStore(client, { prefix: `${name}:` }),
    orders: {
      add: async (id) => ledger.note({ what: 'effect', id }),
      inTransaction: async () => {
        throw new TypeError('Redis takes part in no transaction')
      },
    },
  }
}
