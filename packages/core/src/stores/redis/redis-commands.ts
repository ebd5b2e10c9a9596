import { refuseOthers } from '../refuse-others.js'
import { OTHER_REDIS_CLIENTS } from './other-redis-clients.js'
import type { RedisScript } from './redis-script.js'

interface ScriptInput {
  keys: string[]
  arguments: string[]
}

/**
 * The methods used of a client of `redis` (4 and later), single or cluster. Nothing is imported, so client and version are
 * the user's.
 */
export interface NodeRedisLike {
  set(key: string, value: string, options: { NX: true; PX: number; GET: true }): Promise<unknown>
  eval(script: string, input: ScriptInput): Promise<unknown>
  evalSha(sha1: string, input: ScriptInput): Promise<unknown>
}

/** The methods used of a client of `ioredis` (5 and later), single or cluster, or of a Bun.RedisClient. */
export interface IoredisLike {
  set(key: string, value: string, px: 'PX', lengthMs: number, nx: 'NX', get: 'GET'): Promise<unknown>
  eval(script: string, keyCount: number, ...keyAndArguments: string[]): Promise<unknown>
  evalsha(sha1: string, keyCount: number, ...keyAndArguments: string[]): Promise<unknown>
}

/** The methods used of a client of `@upstash/redis` or `@vercel/kv`, which send commands over HTTP. */
export interface UpstashLike {
  set(key: string, value: string, options: { nx: true; px: number; get: true }): Promise<unknown>
  eval(script: string, keys: string[], args: string[]): Promise<unknown>
  /** Marks the client; the store does not call it. */
  createScript(script: string): unknown
}

export type RedisClientLike = NodeRedisLike | IoredisLike | UpstashLike

/** The commands of the store, independent of the client. Each touches one key, so that it works on a cluster. */
export interface RedisCommands {
  /** Runs `SET key value NX PX lengthMs GET`. Resolves to null if the key was set, otherwise to its existing value. */
  setIfAbsent(key: string, value: string, lengthMs: number): Promise<unknown>
  run(script: RedisScript, key: string, ...args: string[]): Promise<unknown>
}

/** Returns the commands of a client. Throws a `TypeError` if it is not a supported client. */
export function commandsOf(client: RedisClientLike): RedisCommands {
  refuseOthers('redisStore', client, OTHER_REDIS_CLIENTS)
  const methods: Partial<Record<keyof NodeRedisLike | keyof IoredisLike | keyof UpstashLike, unknown>> = client ?? {}
  const isClient = typeof methods.set === 'function' && typeof methods.eval === 'function'
  // Before ioredis, because it has a method evalsha with other arguments.
  if (isClient && typeof methods.createScript === 'function') return upstashCommands(client as UpstashLike)
  if (isClient && typeof methods.evalSha === 'function') return nodeRedisCommands(client as NodeRedisLike)
  if (isClient && typeof methods.evalsha === 'function') return ioredisCommands(client as IoredisLike)
  throw new TypeError(
    'redisStore: pass a client of redis (4 or later), ioredis or @upstash/redis, e.g. ' +
      'redisStore(await createClient().connect())',
  )
}

function nodeRedisCommands(client: NodeRedisLike): RedisCommands {
  return {
    setIfAbsent: (key, value, lengthMs) => client.set(key, value, { NX: true, PX: lengthMs, GET: true }),
    run: ({ source, sha1 }, key, ...args) => {
      const input = { keys: [key], arguments: args }
      return loadedWhenNeeded(client.evalSha(sha1, input), () => client.eval(source, input))
    },
  }
}

function ioredisCommands(client: IoredisLike): RedisCommands {
  return {
    setIfAbsent: (key, value, lengthMs) => client.set(key, value, 'PX', lengthMs, 'NX', 'GET'),
    run: ({ source, sha1 }, key, ...args) =>
      loadedWhenNeeded(client.evalsha(sha1, 1, key, ...args), () => client.eval(source, 1, key, ...args)),
  }
}

/** Sends the whole script each time. A script is smaller than a request's headers, and a second request would cost more. */
function upstashCommands(client: UpstashLike): RedisCommands {
  return {
    setIfAbsent: (key, value, lengthMs) => client.set(key, value, { nx: true, px: lengthMs, get: true }),
    run: ({ source }, key, ...args) => client.eval(source, [key], args),
  }
}

/** Falls back to `EVAL` if the server does not know the script, as after a restart or a failover. `EVAL` loads it again. */
async function loadedWhenNeeded(result: Promise<unknown>, load: () => Promise<unknown>): Promise<unknown> {
  try {
    return await result
  } catch (error) {
    if (!isReply(error, 'NOSCRIPT')) throw error
    return load()
  }
}

/** Precedes the reply in an error of `@upstash/redis`, where it sends several commands in one request. */
const FAILED = 'Command failed: '

/** Returns whether an error is the server's own reply with this beginning. All clients use the reply as the message. */
export function isReply(error: unknown, beginning: string): boolean {
  return error instanceof Error && (error.message.startsWith(beginning) || error.message.startsWith(FAILED + beginning))
}
