import { redisStore } from '@mailbox-hooks/core/redis'
import { Redis } from 'ioredis'
import { createClient } from 'redis'
import { hasRedisServer, PrivateRedis } from '../servers/private-redis.js'
import { outageSuite } from './outage-suite.js'

const skip = !hasRedisServer()
const ignore = () => {}

for (const hasQueue of [true, false]) {
  const queue = `${hasQueue ? 'with' : 'without'} its offline queue`

  outageSuite({
    name: `redisStore by redis ${queue}`,
    isPooled: false,
    skip,
    open: async () => {
      const server = await PrivateRedis.create()
      const client = createClient({ url: server.url, disableOfflineQueue: !hasQueue }).on('error', ignore)
      // Goes on looking for the server; it ends when the client is closed.
      client.connect().catch(ignore)
      return { server, store: redisStore(client), close: () => client.destroy() }
    },
  })

  outageSuite({
    name: `redisStore by ioredis ${queue}`,
    isPooled: false,
    skip,
    open: async () => {
      const server = await PrivateRedis.create()
      const client = new Redis(server.url, { enableOfflineQueue: hasQueue }).on('error', ignore)
      return { server, store: redisStore(client), close: () => client.disconnect() }
    },
  })
}
