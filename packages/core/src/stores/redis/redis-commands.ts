import { refuseOthers } from '../refuse-others.js'
import { OTHER_REDIS_CLIENTS } from './other-redis-clients.js'
import type { RedisScript } from './redis-script.js'

interface ScriptInput {
  keys: string[]
  arguments: string[]
}

/** What is used of a client of `redis` (4 and later), single or cluster. Taken by its shape: the client is the user's. */
export interface NodeRedisLike {
  set(key: string, value: string, options: { NX: true; PX: number; GET: true }): Promise<unknown>
  eval(script: string, input: ScriptInput): Promise<unknown>
  evalSha(sha1: string, input: ScriptInput): Promise<unknown>
}

/** What is used of a client of `ioredis` (5 and later), single or cluster. */
export interface IoredisLike {
  set(key: string, value: string, px: 'PX', lengthMs: number, nx: 'NX', get: 'GET'): Promise<unknown>
  eval(script: string, keyCount: number, ...keyAndArguments: string[]): Promise<unknown>
  evalsha(sha1: string, keyCount: number, ...keyAndArguments: string[]): Promise<unknown>
}

export type RedisClientLike = NodeRedisLike | IoredisLike

/** The commands of the store, whichever client sends them. Each touches one key, so that a cluster can serve it. */
export interface RedisCommands {
  /** `SET key value NX PX lengthMs GET`: null when the key was absent and is now set, otherwise what it holds. */
  setIfAbsent(key: string, value: string, lengthMs: number): Promise<unknown>
  run(script: RedisScript, key: string, ...args: string[]): Promise<unknown>
}

/** Throws a `TypeError` for what is no client. */
export function commandsOf(client: RedisClientLike): RedisCommands {
  refuseOthers('redisStore', client, OTHER_REDIS_CLIENTS)
  const methods: Partial<Record<keyof NodeRedisLike | keyof IoredisLike, unknown>> = client ?? {}
  const isClient = typeof methods.set === 'function' && typeof methods.eval === 'function'
  if (isClient && typeof methods.evalSha === 'function') return nodeRedisCommands(client as NodeRedisLike)
  if (isClient && typeof methods.evalsha === 'function') return ioredisCommands(client as IoredisLike)
  throw new TypeError(
    'redisStore: pass a client of redis (4 or later) or ioredis, e.g. redisStore(await createClient().connect())',
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

/** A server forgets its scripts when it restarts or fails over; `EVAL` runs the script and has it known again. */
async function loadedWhenNeeded(result: Promise<unknown>, load: () => Promise<unknown>): Promise<unknown> {
  try {
    return await result
  } catch (error) {
    if (!isReply(error, 'NOSCRIPT')) throw error
    return load()
  }
}

/** Whether this is the server's own answer, and begins like that; both clients keep its text as the message. */
export function isReply(error: unknown, beginning: string): boolean {
  return error instanceof Error && error.message.startsWith(beginning)
}
