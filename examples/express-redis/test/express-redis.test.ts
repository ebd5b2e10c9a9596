import { it, onTestFinished } from 'vitest'
import { hasRedisServer, PrivateRedis } from '../../../test/servers/private-redis.ts'
import { sharesEvents } from '../../quickstart-tests.ts'

it.skipIf(!hasRedisServer())(
  'express-redis handles an event in one of its processes, and a later one knows',
  async () => {
    const redis = await (await PrivateRedis.create()).start()
    onTestFinished(() => redis.stop())
    await sharesEvents('express-redis', { REDIS_URL: redis.url })
  },
)
