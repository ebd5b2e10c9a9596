import { randomUUID } from 'node:crypto'
import { readOptions, TEXT, type WithDefaults, withDefault } from '../../options/option-rules.js'
import type { Claim, CompleteOptions, DedupStore, HandledPosition } from '../dedup-store.js'
import { commandsOf, isReply, type RedisClientLike, type RedisCommands } from './redis-commands.js'
import {
  CLAIM,
  COMPLETE,
  DONE,
  EXTEND,
  IS_CLAIMED,
  IS_DONE,
  POSITION,
  RELEASE,
  type RedisScript,
} from './redis-script.js'
import { rethrowAdvised } from './rethrow-advised.js'

export interface RedisStoreOptions {
  /** What all keys begin with. Default `mailbox-hooks:`. */
  readonly prefix?: string
}

/**
 * Remembers in Redis: shared by all processes that reach the server, and as lasting as its persistence.
 *
 * Takes a client of `redis` or `ioredis`, also of a cluster, which stays the caller's to open, to watch for errors and
 * to close. A claim is one round trip. A handled event takes about 190 bytes of the server's memory until its retention
 * ends; the server must not evict (`maxmemory-policy noeviction`), or handled events are handled again.
 * `complete({ within })` is refused with a `TypeError`: nothing here takes part in a transaction.
 *
 * Throws a `TypeError` for what is no such client, and for options that cannot work.
 *
 * @example
 * const client = createClient({ url: process.env.REDIS_URL })
 * client.on('error', (error) => log.error(error))
 * await client.connect()
 * webhooks({ providers, store: redisStore(client) })
 */
export function redisStore(client: RedisClientLike, options: RedisStoreOptions = {}): DedupStore {
  const { prefix } = readOptions<WithDefaults<RedisStoreOptions>>('redisStore', options, RULES)
  return new RedisStore(commandsOf(client), prefix)
}

const RULES = { prefix: withDefault(TEXT, 'mailbox-hooks:') } as const

/**
 * A lease that nobody takes over is kept for this long after its end, so that its token still counts. Redis forgets a
 * key when its time ends, so a claimed key is given its lease and this; what is left beyond this is what is left of the
 * lease, on the server's own clock.
 */
const KEPT_MS = 24 * 3600_000

class RedisStore implements DedupStore {
  readonly #commands: RedisCommands
  readonly #prefix: string
  #canSetAndGet = true

  constructor(commands: RedisCommands, prefix: string) {
    this.#commands = commands
    this.#prefix = prefix
  }

  async claim(key: string, leaseMs: number): Promise<Claim> {
    const token = randomUUID()
    const keptMs = whole(leaseMs) + KEPT_MS
    const held = await this.#setIfAbsent(this.#event(key), claimBy(token), keptMs)
    if (held === null) return { status: 'claimed', token }
    if (held === DONE) return { status: 'done' }

    const leftMs = await this.#number(CLAIM, this.#event(key), claimBy(token), String(keptMs), String(KEPT_MS))
    if (leftMs === IS_DONE) return { status: 'done' }
    return leftMs === IS_CLAIMED ? { status: 'claimed', token } : { status: 'in-flight', retryAfterMs: leftMs }
  }

  async complete(key: string, token: string, retentionMs: number, options?: CompleteOptions): Promise<boolean> {
    if (options?.within !== undefined) {
      throw new TypeError('redisStore takes part in no transaction: call complete() without within')
    }
    return (await this.#number(COMPLETE, this.#event(key), claimBy(token), String(whole(retentionMs)))) === 1
  }

  async release(key: string, token: string): Promise<boolean> {
    return (await this.#number(RELEASE, this.#event(key), claimBy(token))) === 1
  }

  async extend(key: string, token: string, leaseMs: number): Promise<boolean> {
    return (await this.#number(EXTEND, this.#event(key), claimBy(token), String(whole(leaseMs) + KEPT_MS))) === 1
  }

  async position(entity: string, handled?: HandledPosition): Promise<number | undefined> {
    const args = handled === undefined ? [] : [String(handled.at), String(whole(handled.retentionMs))]
    const newest = await this.#run(POSITION, this.#key('entity', entity), ...args)
    return newest === null ? undefined : Number(newest)
  }

  /** What the key held: null when it was free and is now set. Undefined where the server cannot tell in one command. */
  async #setIfAbsent(key: string, value: string, lengthMs: number): Promise<string | null | undefined> {
    if (!this.#canSetAndGet) return undefined
    try {
      const held = await this.#commands.setIfAbsent(key, value, lengthMs)
      return held === null ? null : String(held)
    } catch (error) {
      // Before Redis 7, SET takes NX or GET, not both.
      if (!isReply(error, 'ERR syntax error')) return rethrowAdvised(error)
      this.#canSetAndGet = false
      return undefined
    }
  }

  async #number(script: RedisScript, key: string, ...args: string[]): Promise<number> {
    return Number(await this.#run(script, key, ...args))
  }

  #run(script: RedisScript, key: string, ...args: string[]): Promise<unknown> {
    return this.#commands.run(script, key, ...args).catch(rethrowAdvised)
  }

  #event(key: string): string {
    return this.#key('event', key)
  }

  /** Half of a character beyond 16 bits has no UTF-8, and all halves would turn into the same replacement. */
  #key(kind: string, name: string): string {
    return this.#prefix + (name.isWellFormed() ? `${kind}:${name}` : `${kind}-json:${JSON.stringify(name)}`)
  }
}

const claimBy = (token: string) => `claimed:${token}`

/** Redis takes whole milliseconds only. */
const whole = (lengthMs: number) => Math.ceil(lengthMs)
