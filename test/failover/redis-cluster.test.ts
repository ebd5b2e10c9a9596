import { setTimeout as wait } from 'node:timers/promises'
import { type RedisClientLike, redisStore } from '@mailbox-hooks/core/redis'
import { Cluster } from 'ioredis'
import { createCluster } from 'redis'
import { describe, expect, it, onTestFinished } from 'vitest'
import { hasRedisServer } from '../servers/private-redis.js'
import { RedisCluster } from '../servers/redis-cluster.js'
import { deliverUnderLoad } from './deliver-under-load.js'
import { printFigures } from './print-figures.js'

const EVENTS = 400
const SPAN_MS = 3_000
const ignore = () => {}

interface Connected {
  readonly client: RedisClientLike
  close(): unknown
}

const CLIENTS: readonly (readonly [name: string, connect: (urls: string[]) => Promise<Connected>])[] = [
  [
    'ioredis',
    async (urls) => {
      const client = new Cluster(urls).on('error', ignore)
      return { client, close: () => client.disconnect() }
    },
  ],
  [
    'redis',
    async (urls) => {
      const client = createCluster({
        rootNodes: urls.map((url) => ({ url })),
        // By default each look for the masters connects to all of them first, and waits for one that is gone.
        minimizeConnections: true,
        topologyRefreshOnReconnectionAttemptStrategy: 500,
      }).on('error', ignore)
      await client.connect()
      return { client, close: () => client.destroy() }
    },
  ],
]

describe.skipIf(!hasRedisServer())('a Redis Cluster of three masters and three replicas', { timeout: 60_000 }, () => {
  it.each(CLIENTS)('loses a master under load, and no event, and handles none twice: %s', async (name, connect) => {
    const cluster = await RedisCluster.start(3)
    onTestFinished(() => cluster.stop())
    const connections = [await connect(cluster.urls), await connect(cluster.urls)]
    onTestFinished(() => {
      for (const { close } of connections) close()
    })
    const count = await deliverUnderLoad({
      stores: connections.map(({ client }) => redisStore(client)),
      events: EVENTS,
      spanMs: SPAN_MS,
      giveUpMs: 40_000,
      disturb: async () => {
        await wait(SPAN_MS / 3)
        await cluster.killMaster(0)
      },
    })
    printFigures(`cluster of 3 + 3, a master killed, ${name}`, count)
    expect(count).toMatchObject({ acknowledged: EVENTS, lost: 0 })
    // It was idle otherwise: what a master has acknowledged is on its replica within a moment.
    expect(count.twice).toBeLessThanOrEqual(EVENTS / 100)
  })
})
