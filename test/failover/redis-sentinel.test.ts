import { describe, expect, it } from 'vitest'
import { hasRedisServer } from '../servers/private-redis.js'
import { byIoredis, failOver } from './sentinel-failover.js'

describe.skipIf(!hasRedisServer())('a Redis with Sentinels, whose master stands still and wakes up', () => {
  it('loses no event, and handles none twice, by ioredis with failoverDetector', { timeout: 60_000 }, async () => {
    expect(await failOver(byIoredis({ failoverDetector: true }), 'ioredis with failoverDetector')).toBe(0)
  })
})
