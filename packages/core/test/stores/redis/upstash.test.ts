import { type RedisClientLike, redisStore } from '@mailbox-hooks/core/redis'
import { Redis as UpstashRedis } from '@upstash/redis'
import { createClient as createKv } from '@vercel/kv'
import { Redis } from 'ioredis'
import { afterAll, assert, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { hasRedisServer, PrivateRedis } from '../../../../../test/servers/private-redis.js'
import { UpstashRest } from '../../../../../test/servers/upstash-rest.js'
import { receiving } from '../sql/receiving.js'
import { redisSuite } from './redis-suite.js'

interface Address {
  readonly url: string
  readonly token: string
}

const CLIENTS: Readonly<Record<string, (rest: Address) => RedisClientLike>> = {
  '@upstash/redis': ({ url, token }) => new UpstashRedis({ url, token }),
  '@upstash/redis, one command a request, replies as they come': ({ url, token }) =>
    new UpstashRedis({
      url,
      token,
      enableAutoPipelining: false,
      automaticDeserialization: false,
      responseEncoding: false,
    }),
  '@vercel/kv': ({ url, token }) => createKv({ url, token }),
}

for (const [name, create] of Object.entries(CLIENTS)) {
  redisSuite(name, async (url) => {
    const rest = await UpstashRest.before(url)
    return { client: create(rest), close: () => rest.stop() }
  })
}

const ABOUT = { provider: 'openmail', type: 'message.received' }
const LEASE_MS = 15_000

describe.skipIf(!hasRedisServer())('redisStore over HTTP', () => {
  let server: PrivateRedis
  let admin: Redis
  let rest: UpstashRest

  beforeAll(async () => {
    server = await (await PrivateRedis.create()).start()
    admin = new Redis(server.url)
    rest = await UpstashRest.before(server.url)
  })
  beforeEach(async () => {
    await admin.flushall()
    rest.requests.length = 0
  })
  afterAll(async () => {
    await rest?.stop()
    await admin?.quit()
    await server?.stop()
  })

  it('sends the claims of one moment in one request', async () => {
    const store = redisStore(new UpstashRedis(rest))
    const keys = Array.from({ length: 100 }, (_, index) => `openmail:evt_${index}`)
    const claims = await Promise.all(keys.map((key) => store.claim(key, LEASE_MS, ABOUT)))
    expect(claims.every(({ status }) => status === 'claimed')).toBe(true)
    expect(rest.requests).toEqual([keys.map(() => 'set')])
  })

  it.each(Object.entries(CLIENTS))(
    'needs one request, even if the server has forgotten all scripts: %s',
    async (_, create) => {
      const store = redisStore(create(rest))
      const claim = await store.claim('openmail:evt_1', LEASE_MS, ABOUT)
      assert(claim.status === 'claimed')
      await admin.script('FLUSH')
      expect(await store.complete('openmail:evt_1', claim.token, LEASE_MS)).toBe(true)
      expect(rest.requests).toEqual([['set'], ['eval']])
    },
  )

  it.each(Object.entries(CLIENTS))(
    'claims by a script if the server refuses SET with NX and GET: %s',
    async (_, create) => {
      const client = create(rest) as UpstashRedis
      const refusing = {
        set: () => client.eval("return redis.error_reply('ERR syntax error')", [], []),
        eval: (...args: Parameters<UpstashRedis['eval']>) => client.eval(...args),
        createScript: (script: string) => client.createScript(script),
      }
      const store = redisStore(refusing)
      expect(await store.claim('openmail:evt_1', LEASE_MS, ABOUT)).toMatchObject({ status: 'claimed' })
      expect(await store.claim('openmail:evt_1', LEASE_MS, ABOUT)).toMatchObject({ status: 'in-flight' })
    },
  )

  it.each<[string, (rest: Address) => Address, string]>([
    ['a wrong token', ({ url }) => ({ url, token: 'wrong' }), 'Is the password or token of the client right?'],
    ['no server', ({ token }) => ({ url: 'http://127.0.0.1:1', token }), 'Is the client connected?'],
  ])('tells the operator what to look into: %s', async (_, change, advice) => {
    const { answerTo, outcomes } = receiving(redisStore(new UpstashRedis({ ...change(rest), retry: false })))
    expect(await answerTo('evt_1')).toContain('store_unavailable')
    expect(outcomes[0]?.message).toBe(`The store failed. ${advice}`)
  })
})
