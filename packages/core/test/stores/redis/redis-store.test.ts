import { type RedisClientLike, redisStore } from '@mailbox-hooks/core/redis'
import { Redis } from 'ioredis'
import { afterAll, assert, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { freePort } from '../../../../../test/servers/free-port.js'
import { hasRedisServer, PrivateRedis } from '../../../../../test/servers/private-redis.js'
import { TcpProxy } from '../../../../../test/servers/tcp-proxy.js'
import { receiving } from '../sql/receiving.js'
import { beforeRedis7, type Connection, LIBRARIES } from './clients.js'

const ABOUT = { provider: 'openmail', type: 'message.received' }
const KEY = 'openmail:evt_1'
const LEASE_MS = 15_000
const RETENTION_MS = 60_000
const DAY_MS = 24 * 3600_000

async function granted(store: ReturnType<typeof redisStore>, key = KEY): Promise<string> {
  const claim = await store.claim(key, LEASE_MS, ABOUT)
  assert(claim.status === 'claimed')
  return claim.token
}

it('refuses at once what is no client', () => {
  for (const wrong of [undefined, null, 'redis://127.0.0.1', {}, { set() {}, eval() {} }]) {
    // As a caller without types may pass it.
    expect(() => redisStore(wrong as unknown as RedisClientLike)).toThrow(TypeError)
  }
})

it.each<[string, unknown, RegExp]>([
  ['a misspelt one', { prefx: 'x:' }, /^redisStore: there is no option prefx; do you mean prefix\?/],
  ['the prefix alone', 'x:', /^redisStore: the options must be an object, { prefix }/],
  ['a prefix that is no text', { prefix: 7 }, /^redisStore: prefix must be a text/],
])('refuses at once options that cannot work: %s', (_what, options, message) => {
  const client = { set() {}, eval() {}, evalSha() {} } as unknown as RedisClientLike
  expect(() => redisStore(client, options as object)).toThrow(TypeError)
  expect(() => redisStore(client, options as object)).toThrow(message)
  expect(redisStore(client, undefined)).toBeDefined()
})

// A server of its own: what is counted, forgotten and lost there is these tests' alone.
describe.skipIf(!hasRedisServer())('redisStore', () => {
  let server: PrivateRedis
  let admin: Redis

  beforeAll(async () => {
    server = await (await PrivateRedis.create()).start()
    admin = new Redis(server.url)
  })
  beforeEach(() => admin.flushall())
  afterAll(async () => {
    await admin.quit()
    await server.stop()
  })

  /** How often the server runs each command while `act` runs. Commands inside of scripts count, too. */
  async function commandsOf(act: () => Promise<unknown>): Promise<Record<string, number>> {
    await admin.config('RESETSTAT')
    await act()
    const stats = await admin.info('commandstats')
    const counts = [...stats.matchAll(/cmdstat_(\S+?):calls=(\d+)/g)].map(([, name, calls]) => [name, Number(calls)])
    const { 'config|resetstat': _, ...commands } = Object.fromEntries(counts)
    return commands
  }

  describe.each(LIBRARIES)('by %s', (_, { connect }) => {
    let connection: Connection

    beforeAll(async () => {
      connection = await connect(server.url)
    })
    afterAll(() => connection.close())

    it('claims in one round trip', async () => {
      const store = redisStore(connection.client)
      const keys = Array.from({ length: 100 }, (_, index) => `openmail:evt_${index}`)
      expect(await commandsOf(() => Promise.all(keys.map((key) => granted(store, key))))).toEqual({ set: 100 })
    })

    it('finds a duplicate in one round trip', async () => {
      const store = redisStore(connection.client)
      await store.complete(KEY, await granted(store), RETENTION_MS)
      expect(await commandsOf(() => store.claim(KEY, LEASE_MS, ABOUT))).toEqual({ set: 1 })
    })

    it('takes a second round trip to say how long a key is still held', async () => {
      const store = redisStore(connection.client)
      await granted(store)
      await store.claim(KEY, LEASE_MS, ABOUT)
      const commands = await commandsOf(() => store.claim(KEY, LEASE_MS, ABOUT))
      expect(commands).toEqual({ set: 1, evalsha: 1, get: 1, pttl: 1 })
    })

    it('loads a script again when the server has forgotten it', async () => {
      const store = redisStore(connection.client)
      const token = await granted(store)
      await store.extend(KEY, token, LEASE_MS)
      await admin.script('FLUSH')
      expect(await commandsOf(() => store.extend(KEY, token, LEASE_MS))).toMatchObject({ evalsha: 1, eval: 1 })
      expect(await commandsOf(() => store.extend(KEY, token, LEASE_MS))).toEqual({ evalsha: 1, get: 1, pexpire: 1 })
    })

    it('refuses to complete within a transaction, and leaves the key claimed', async () => {
      const store = redisStore(connection.client)
      const token = await granted(store)
      await expect(store.complete(KEY, token, RETENTION_MS, { within: {} })).rejects.toThrow(TypeError)
      expect(await store.complete(KEY, token, RETENTION_MS)).toBe(true)
    })

    it('rejects when its client does', async () => {
      const { client, close } = await connect(server.url)
      const store = redisStore(client)
      await close()
      await expect(store.claim(KEY, LEASE_MS, ABOUT)).rejects.toThrow()
      await expect(store.release(KEY, 'token')).rejects.toThrow()
    })

    it('has the operator look after the client when it is closed', async () => {
      const { client, close } = await connect(server.url)
      await close()
      const { answerTo, outcomes } = receiving(redisStore(client))
      expect(await answerTo('evt_1')).toContain('store_unavailable')
      expect(outcomes[0]?.message).toBe('The store failed. Is the client connected?')
    })
  })

  it('finds out once that a server is older than version 7, and then claims by a script, in one round trip', async () => {
    const { client, close } = await beforeRedis7(server.url)
    const store = redisStore(client)
    expect(await commandsOf(() => granted(store, 'openmail:evt_1'))).toMatchObject({ eval: 1 })
    expect(await commandsOf(() => granted(store, 'openmail:evt_2'))).toEqual({ evalsha: 1, get: 1, set: 1 })
    await close()
  })

  it('keeps keys under its prefix, for people to read', async () => {
    const store = redisStore(admin)
    const token = await granted(store)
    expect(await admin.get('mailbox-hooks:event:openmail:evt_1')).toBe(`claimed:${token}`)
    await store.complete(KEY, token, RETENTION_MS)
    expect(await admin.get('mailbox-hooks:event:openmail:evt_1')).toBe('done')

    const shop = redisStore(admin, { prefix: 'shop:' })
    await granted(shop)
    await shop.position?.('openmail:inbox_1', { at: 1, retentionMs: RETENTION_MS })
    expect((await admin.keys('shop:*')).sort()).toEqual(['shop:entity:openmail:inbox_1', 'shop:event:openmail:evt_1'])
  })

  it('leaves nothing that Redis does not forget by itself', async () => {
    const store = redisStore(admin)
    const lengthMs = () => admin.pttl('mailbox-hooks:event:openmail:evt_1')
    const token = await granted(store)
    expect(await lengthMs()).toBeLessThanOrEqual(LEASE_MS + DAY_MS)
    await store.extend(KEY, token, LEASE_MS)
    expect(await lengthMs()).toBeLessThanOrEqual(LEASE_MS + DAY_MS)
    await store.complete(KEY, token, RETENTION_MS)
    expect(await lengthMs()).toBeLessThanOrEqual(RETENTION_MS)
    await store.position?.('openmail:inbox_1', { at: 1, retentionMs: RETENTION_MS })
    expect(await admin.pttl('mailbox-hooks:entity:openmail:inbox_1')).toBeLessThanOrEqual(RETENTION_MS)
    for (const key of await admin.keys('*')) expect(await admin.pttl(key)).toBeGreaterThan(0)
  })

  it('grants nothing on a server whose memory is full, and still takes keys back', async () => {
    const store = redisStore(admin)
    const token = await granted(store, 'openmail:evt_1')
    await admin.config('SET', 'maxmemory', '1', 'maxmemory-policy', 'noeviction')
    onTestFinished(() => void admin.config('SET', 'maxmemory', '0'))
    await expect(store.claim('openmail:evt_2', LEASE_MS, ABOUT)).rejects.toThrow('OOM')
    expect(await store.release('openmail:evt_1', token)).toBe(true)
  })

  it('grants a claim whose answer was lost, when the client asks again', async () => {
    const proxy = await (await TcpProxy.before(server.url)).start()
    // Sends again what was not answered.
    const client = new Redis(proxy.url, { retryStrategy: () => 10 })
    onTestFinished(async () => {
      client.disconnect()
      await proxy.stop()
    })
    await client.ping()
    const store = redisStore(client)
    let token = ''
    proxy.loseNextReply()
    const commands = await commandsOf(async () => {
      token = await granted(store)
    })
    // The claim, the same again, and once more by the script that sees whose it is.
    expect(commands).toMatchObject({ set: 3 })
    expect(await store.complete(KEY, token, RETENTION_MS)).toBe(true)
  })
})

describe.skipIf(!hasRedisServer())('redisStore on a cluster', () => {
  let server: PrivateRedis

  beforeAll(async () => {
    const busPort = String(await freePort())
    const cluster = ['--cluster-enabled', 'yes', '--cluster-port', busPort, '--cluster-announce-ip', '127.0.0.1']
    server = await (await PrivateRedis.create(...cluster)).start()
    const admin = new Redis(server.url)
    await admin.cluster('ADDSLOTSRANGE', 0, 16383)
    while (!(await admin.cluster('INFO')).includes('cluster_state:ok')) await new Promise(setImmediate)
    await admin.quit()
  })
  afterAll(() => server.stop())

  it.each(LIBRARIES)('finds each key where it belongs: %s', async (name, { connectCluster }) => {
    const { client, close } = await connectCluster(server.url)
    const store = redisStore(client, { prefix: `${name}:` })
    for (const key of ['openmail:{a}b', 'openmail:evt_1', 'openmail:}{']) {
      const token = await granted(store, key)
      expect(await store.claim(key, LEASE_MS, ABOUT)).toMatchObject({ status: 'in-flight' })
      expect(await store.extend(key, token, LEASE_MS)).toBe(true)
      expect(await store.complete(key, token, RETENTION_MS)).toBe(true)
      expect(await store.claim(key, LEASE_MS, ABOUT)).toEqual({ status: 'done' })
      expect(await store.position?.(key, { at: 1, retentionMs: RETENTION_MS })).toBe(1)
    }
    await close()
  })
})
