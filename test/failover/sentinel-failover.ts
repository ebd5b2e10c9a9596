import { setTimeout as wait } from 'node:timers/promises'
import { type RedisClientLike, redisStore } from '@mailbox-hooks/core/redis'
import { Redis } from 'ioredis'
import { expect, onTestFinished } from 'vitest'
import { RedisSentinels } from '../servers/redis-sentinels.js'
import { deliverUnderLoad, STORE_TIMEOUT_MS } from './deliver-under-load.js'
import { printFigures } from './print-figures.js'

const EVENTS = 400
const SPAN_MS = 6_000
const ignore = () => {}

interface Connected {
  readonly client: RedisClientLike
  close(): unknown
}

type Connect = (sentinels: RedisSentinels) => Promise<Connected>

export const byIoredis =
  ({ failoverDetector }: { failoverDetector: boolean }): Connect =>
  async ({ sentinels, name }) => {
    const client = new Redis({ sentinels: [...sentinels], name, failoverDetector }).on('error', ignore)
    return { client, close: () => client.disconnect() }
  }

/**
 * Delivers under load while the master stands still and wakes up. Resolves to the number of events handled twice.
 *
 * The old master wakes up when the Sentinels have chosen another one, and believes for a moment that it still is one. All
 * claims that waited for it have been given up by then. It would grant them, and their marks would go to the new master,
 * which does not know them.
 */
export async function failOver(connect: Connect, what: string, ...settings: string[]) {
  const sentinels = await RedisSentinels.start(...settings)
  onTestFinished(() => sentinels.stop())
  const connections = [await connect(sentinels), await connect(sentinels)]
  onTestFinished(() => {
    for (const { close } of connections) close()
  })
  const count = await deliverUnderLoad({
    stores: connections.map(({ client }) => redisStore(client)),
    events: EVENTS,
    spanMs: SPAN_MS,
    giveUpMs: 40_000,
    disturb: async () => {
      await wait(SPAN_MS / 4)
      sentinels.freezeMaster()
      await Promise.all([wait(SPAN_MS / 2), sentinels.failedOver().then(() => wait(1.5 * STORE_TIMEOUT_MS))])
      sentinels.wakeMaster()
    },
  })
  printFigures(`Sentinel, the old master wakes up, ${what}`, count)
  expect(count).toMatchObject({ acknowledged: EVENTS, lost: 0 })
  return count.twice
}
