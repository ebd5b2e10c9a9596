import { expect, it, onTestFinished } from 'vitest'
import { hasRedisServer, PrivateRedis } from '../../../test/servers/private-redis.ts'
import { run } from '../../run-example.ts'

it.skipIf(!hasRedisServer())(
  'bullmq-workers does each event once, though a worker is killed in the middle of one',
  { timeout: 60_000 },
  async () => {
    const redis = await (await PrivateRedis.create()).start()
    onTestFinished(() => redis.stop())
    const { status, output } = await run('bullmq-workers', { REDIS_URL: redis.url })
    expect(output).toContain('51 jobs are in the queue.')
    expect(output).toContain('was killed by kill -9')
    expect(output).toMatch(/Workers 2 and 3 did 51 jobs of 51 events/)
    expect(status, output).toBe(0)
  },
)
