import { describe, expect, it } from 'vitest'
import { hasRedisServer } from '../servers/private-redis.js'
import { byIoredis, failOver } from './sentinel-failover.js'

describe.skipIf(!hasRedisServer())('a Redis with Sentinels, whose master stands still and wakes up', () => {
  // Replication is not waited for: a claim that the old master took last may be unknown to the new one.
  it('loses no event, and handles at most one in a hundred twice', { timeout: 60_000 }, async () => {
    expect(await failOver(byIoredis({ failoverDetector: true }), 'ioredis with failoverDetector')).toBeLessThanOrEqual(
      4,
    )
  })
})
