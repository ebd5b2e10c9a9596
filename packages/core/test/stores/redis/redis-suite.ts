import { redisStore } from '@mailbox-hooks/core/redis'
import { storeSuite } from '@mailbox-hooks/testing/suites'
import { Redis } from 'ioredis'
import { findRedis, runName } from '../../../../../test/servers/services.js'
import type { Connect, Connection } from './clients.js'

const redis = await findRedis()

/** The store suite by one client, on the shared server. */
export function redisSuite(name: string, connect: Connect): void {
  storeSuite({
    name: `redisStore by ${name}`,
    skip: redis.isAbsent,
    open: async () => {
      const prefix = `${runName()}:`
      const cleaner = new Redis(redis.url)
      const connections: Connection[] = []
      const another = async () => {
        const connection = await connect(redis.url)
        connections.push(connection)
        return redisStore(connection.client, { prefix })
      }
      const clear = async () => {
        const found = cleaner.scanStream({ match: `${prefix}*`, count: 1000 })
        for await (const keys of found) if (keys.length > 0) await cleaner.unlink(keys)
      }
      const close = async () => {
        await clear()
        await Promise.all([cleaner.quit(), ...connections.map((connection) => connection.close())])
      }
      return { store: await another(), another, clear, close }
    },
  })
}
