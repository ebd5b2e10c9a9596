import { bullmqHandOff } from '@mailbox-hooks/bullmq'
import { Queue } from 'bullmq'
import { expect, it, onTestFinished } from 'vitest'
import { receiverOf } from '../../../test/queues/sender.ts'
import { hasRedisServer, PrivateRedis } from '../../../test/servers/private-redis.ts'
import { folderOf } from '../../folder-of.ts'
import { endedBySigterm, run } from '../../run-example.ts'

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

it.skipIf(!hasRedisServer())('its worker ends at SIGTERM, after the job that runs', { timeout: 60_000 }, async () => {
  const redis = await (await PrivateRedis.create()).start()
  onTestFinished(() => redis.stop())
  const sealingKey = Buffer.alloc(32, 7).toString('base64')
  const queue = new Queue('deliveries', { connection: { host: '127.0.0.1', port: redis.port } })
  onTestFinished(() => queue.close())
  await receiverOf(bullmqHandOff(queue, { sealingKeys: [sealingKey] }))('evt_1')
  const environment = { REDIS_URL: redis.url, QUEUE: 'deliveries', SEALING_KEY: sealingKey, WORK_MS: '500' }
  expect(await endedBySigterm(new URL('worker.ts', folderOf('bullmq-workers')), environment)).toEqual({
    code: 0,
    said: ['begin', 'end'],
  })
  expect(await queue.getJobCounts('completed', 'active')).toMatchObject({ completed: 1, active: 0 })
})
