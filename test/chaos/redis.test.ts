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
    // Confirmed writes must be there after a restart. Otherwise the store promises no more than a memory store.
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
