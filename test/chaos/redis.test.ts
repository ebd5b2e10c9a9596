import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hasRedisServer, PrivateRedis } from '../servers/private-redis.js'
import { chaosSuite } from './chaos-suite.js'

chaosSuite({
  name: 'redisStore',
  skip: !hasRedisServer(),
  hasTransactions: false,
  open: async () => {
    // What it has confirmed must be there when it comes back, or its promise is not worth more than its memory.
    const folder = await mkdtemp(join(tmpdir(), 'mailbox-hooks-redis-'))
    const server = await PrivateRedis.create('--appendonly', 'yes', '--appendfsync', 'always', '--dir', folder)
    await server.start()
    return {
      backend: { kind: 'redis', url: server.url, ordersUrl: server.url, name: 'chaos' },
      server,
      close: async () => {
        await server.stop()
        await rm(folder, { recursive: true })
      },
    }
  },
})
