import { type RedisClientLike, redisStore } from '@mailbox-hooks/core/redis'
import { Redis } from 'ioredis'
import { createClient, RESP_TYPES } from 'redis'
import { afterAll, assert, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { hasRedisServer, PrivateRedis } from '../../../../../test/servers/private-redis.js'
import { receiving } from '../sql/receiving.js'

const ABOUT = { provider: 'openmail', type: 'message.received' }
const KEY = 'openmail:evt_1'
const LEASE_MS = 15_000

describe.skipIf(!hasRedisServer())('redisStore', () => {
  let server: PrivateRedis
  let admin: Redis

  beforeAll(async () => {
    server = await (await PrivateRedis.create()).start()
    admin = new Redis(server.url)
  })
  beforeEach(() => admin.flushall())
  afterAll(async () => {
    await admin?.quit()
    await server?.stop()
  })

  it('reads replies of other types: texts as bytes, numbers as texts', async () => {
    const typeMapping = { [RESP_TYPES.BLOB_STRING]: Buffer, [RESP_TYPES.NUMBER]: String }
    const client = createClient({ url: server.url, commandOptions: { typeMapping } })
    await client.connect()
    onTestFinished(() => client.close())
    // Its methods return other types than those that the store asks for, and say so.
    const store = redisStore(client as unknown as RedisClientLike)
    const claim = await store.claim(KEY, LEASE_MS, ABOUT)
    assert(claim.status === 'claimed')
    const second = await store.claim(KEY, LEASE_MS, ABOUT)
    expect(second).toEqual({ status: 'in-flight', retryAfterMs: expect.closeTo(LEASE_MS, -4) })
    expect(await store.extend(KEY, claim.token, LEASE_MS)).toBe(true)
    expect(await store.complete(KEY, claim.token, LEASE_MS)).toBe(true)
    expect(await store.claim(KEY, LEASE_MS, ABOUT)).toEqual({ status: 'done' })
    expect(await store.position?.('inbox_1', { at: 7, retentionMs: LEASE_MS })).toBe(7)
  })

  it('names replies that it cannot read: a handler has begun a transaction on its client', async () => {
    const client = new Redis(server.url)
    onTestFinished(() => client.disconnect())
    const { answerTo, outcomes } = receiving(redisStore(client), { ordering: true })
    await client.multi({ pipeline: false })
    expect(await answerTo('evt_1')).toContain('store_unavailable')
    expect(outcomes[0]?.message).toMatch(/a reply that the store cannot read/)
    await client.discard()
    expect(await answerTo('evt_1')).toBe('accepted')
  })

  const REFUSALS: Readonly<Record<string, readonly [setting: readonly string[], advice: RegExp]>> = {
    'a replica': [['REPLICAOF', '127.0.0.1', '1'], /The server is a read-only replica\.$/],
    'a server without its replicas': [
      ['CONFIG', 'SET', 'min-replicas-to-write', '1'],
      /Too few replicas are connected/,
    ],
    'a full server': [['CONFIG', 'SET', 'maxmemory', '1'], /The server's memory is full\.$/],
    'a server that lets it run too little': [['ACL', 'SETUSER', 'default', '-set'], /May the client run SET/],
  }

  it.each(Object.entries(REFUSALS))(
    'tells the operator why the server refuses: %s',
    async (_name, [setting, advice]) => {
      const own = await (await PrivateRedis.create()).start()
      const client = new Redis(own.url)
      onTestFinished(async () => {
        client.disconnect()
        await own.stop()
      })
      const [command = '', ...rest] = setting
      await client.call(command, rest)
      const { answerTo, outcomes } = receiving(redisStore(client))
      expect(await answerTo('evt_1')).toContain('store_unavailable')
      expect(outcomes[0]?.message).toMatch(advice)
    },
  )
})
