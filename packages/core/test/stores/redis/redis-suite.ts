import { redisStore } from '@mailbox-hooks/core/redis'
import { storeSuite } from '@mailbox-hooks/testing/suites'
import { Redis } from 'ioredis'
import { findRedis, runName } from '../../../../../test/servers/services.js'
import type { Connect, Connection } from './clients.js'

const redis = await findRedis()

/** The one client with which the suite waits for Redis itself to forget. With the others, time is made to pass. */
const WAITS = 'ioredis 6'

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
      const keys = async () => {
        const found: string[] = []
        for await (const some of cleaner.scanStream({ match: `${prefix}*`, count: 1000 })) found.push(...some)
        return found
      }
      const clear = async () => {
        const all = await keys()
        if (all.length > 0) await cleaner.unlink(all)
      }
      const pass = async (ms: number) => {
        for (const key of await keys()) {
          const leftMs = await cleaner.pttl(key)
          if (leftMs > 0) await cleaner.pexpire(key, leftMs - ms)
        }
      }
      const close = async () => {
        await clear()
        await Promise.all([cleaner.quit(), ...connections.map((connection) => connection.close())])
      }
      return { store: await another(), another, clear, close, ...(name !== WAITS && { pass }) }
    },
  })
}
