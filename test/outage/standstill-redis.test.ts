import { type RedisClientLike, redisStore } from '@mailbox-hooks/core/redis'
import { Redis } from 'ioredis'
import { createClient } from 'redis'
import { hasRedisServer, PrivateRedis } from '../servers/private-redis.js'
import { sideOf, standstillSuite } from './standstill-suite.js'

const ignore = () => {}

interface Connected {
  readonly client: RedisClientLike
  end(): unknown
}

/** Each client by one of the two ways in which the store claims. */
const CLIENTS: readonly (readonly [name: string, connect: (url: string) => Promise<Connected>])[] = [
  [
    'ioredis on Redis 7',
    async (url) => {
      const client = new Redis(url).on('error', ignore)
      return { client, end: () => client.disconnect() }
    },
  ],
  [
    'redis before Redis 7',
    async (url) => {
      const client = createClient({ url }).on('error', ignore)
      await client.connect()
      return { client: before7(client), end: () => client.destroy() }
    },
  ],
]

for (const [name, connect] of CLIENTS) {
  standstillSuite({
    name: `redisStore by ${name}`,
    skip: !hasRedisServer(),
    open: async () => {
      const server = await (await PrivateRedis.create()).start()
      const [one, another] = [await connect(server.url), await connect(server.url)]
      return {
        store: sideOf(redisStore(one.client)),
        other: sideOf(redisStore(another.client)),
        stop: async () => server.freeze(),
        goOn: async () => server.resume(),
        close: async () => {
          one.end()
          another.end()
          await server.stop()
        },
      }
    },
  })
}

/** As if the server were older than version 7, which knows no SET with NX and GET. */
function before7<Client extends object>(client: Client): Client {
  const set = () => Promise.reject(new Error('ERR syntax error'))
  return new Proxy(client, {
    get: (target, name) => {
      const member = name === 'set' ? set : Reflect.get(target, name)
      return typeof member === 'function' ? member.bind(target) : member
    },
  })
}
