import { type EventEmitter, once } from 'node:events'
import type { NodeRedisLike, RedisClientLike } from '@mailbox-hooks/core/redis'
import { Cluster, Redis } from 'ioredis'
import { Cluster as Cluster5, Redis as Redis5 } from 'ioredis-5'
import { createClient, createCluster } from 'redis'
import { createClient as createClient4, createCluster as createCluster4 } from 'redis-4'
import { createClient as createClient5, createCluster as createCluster5 } from 'redis-5'

export interface Connection {
  readonly client: RedisClientLike
  close(): unknown
}

export type Connect = (url: string) => Promise<Connection>

interface Library {
  readonly connect: Connect
  readonly connectCluster: Connect
}

/** The methods that open and close a client of `redis`, in any version. */
type Opened = RedisClientLike & { connect(): Promise<unknown>; on(event: 'error', listener: () => void): unknown }

async function opened<Client extends Opened>(client: Client, close: (client: Client) => unknown): Promise<Connection> {
  // Without a listener a lost connection ends the process.
  client.on('error', () => {})
  await client.connect()
  return { client, close: () => close(client) }
}

async function ready(client: RedisClientLike & EventEmitter & { quit(): unknown }): Promise<Connection> {
  client.on('error', () => {})
  await once(client, 'ready')
  return { client, close: () => client.quit() }
}

export const NODE_REDIS: Record<string, Library> = {
  'redis 4': {
    connect: (url) => opened(createClient4({ url }), (client) => client.quit()),
    connectCluster: (url) => opened(createCluster4({ rootNodes: [{ url }] }), (cluster) => cluster.quit()),
  },
  'redis 5': {
    connect: (url) => opened(createClient5({ url }), (client) => client.close()),
    connectCluster: (url) => opened(createCluster5({ rootNodes: [{ url }] }), (cluster) => cluster.close()),
  },
  'redis 6': {
    connect: (url) => opened(createClient({ url }), (client) => client.close()),
    connectCluster: (url) => opened(createCluster({ rootNodes: [{ url }] }), (cluster) => cluster.close()),
  },
}

export const IOREDIS: Record<string, Library> = {
  'ioredis 5': {
    connect: (url) => ready(new Redis5(url)),
    connectCluster: (url) => ready(new Cluster5([url])),
  },
  'ioredis 6': {
    connect: (url) => ready(new Redis(url)),
    connectCluster: (url) => ready(new Cluster([url])),
  },
}

/** The clients that the store is proven with. */
export const LIBRARIES: [name: string, library: Library][] = Object.entries({ ...NODE_REDIS, ...IOREDIS })

/**
 * As if the server were older than version 7: SET answers NX together with GET by a syntax error, as any version answers
 * a word that it does not know.
 */
export const beforeRedis7: Connect = async (url) => {
  const client = await createClient({ url }).connect()
  const before7: NodeRedisLike = {
    set: (key, value, { PX }) => client.sendCommand(['SET', key, value, 'NX', 'PX', String(PX), 'NX-AND-GET']),
    eval: (...args) => client.eval(...args),
    evalSha: (...args) => client.evalSha(...args),
  }
  return { client: before7, close: () => client.close() }
}
