import { randomUUID } from 'node:crypto'
import { readOptions, TEXT, type WithDefaults, withDefault } from '../../options/option-rules.js'
import type { Claim, CompleteOptions, DedupStore, HandledPosition } from '../dedup-store.js'
import { LostClaims } from '../lost-claims.js'
import { OutageWatch } from '../outage-watch.js'
import { unfit } from '../unfit.js'
import { commandsOf, isReply, type RedisClientLike, type RedisCommands } from './redis-commands.js'
import {
  CLAIM,
  COMPLETE,
  DONE,
  EXTEND,
  HAS_ENDED,
  IS_CLAIMED,
  IS_DONE,
  POSITION,
  RELEASE,
  type RedisScript,
} from './redis-script.js'
import { rethrowAdvised } from './rethrow-advised.js'

export interface RedisStoreOptions {
  /** Sets the beginning of all keys. Default `mailbox-hooks:`. */
  readonly prefix?: string
}

/**
 * Creates a store in Redis. All processes that reach the server share it, and it is as durable as the server's persistence.
 *
 * Takes a client of `redis` or `ioredis`, also of a cluster, a Bun.RedisClient, or a client of `@upstash/redis` or
 * `@vercel/kv`. You open it, watch it for errors and close it. A claim takes one round trip. A handled event takes about 190 bytes of the server's memory until its retention ends. Set
 * `maxmemory-policy noeviction`, because an event whose key was evicted is handled again. `complete({ within })` throws a
 * `TypeError`, because Redis cannot join a transaction of your database.
 *
 * Throws a `TypeError` for an unsupported client and for a wrong option.
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
 * How long a claim is kept after its lease, so that its token still holds. Redis deletes a key when its time ends, so a
 * claimed key lives for its lease and this time. Its remaining life beyond this time is the rest of the lease, measured by
 * the server's own clock.
 */
const KEPT_MS = 24 * 3600_000
/** Longer than any claim is kept. */
const NEVER_MS = 2 * KEPT_MS

class RedisStore implements DedupStore {
  readonly #commands: RedisCommands
  readonly #prefix: string
  readonly #outages = new OutageWatch({ onAnswer: () => this.#lost.look() })
  readonly #lost = new LostClaims(({ key, token }) => this.release(key, token))
  #canSetAndGet = true

  constructor(commands: RedisCommands, prefix: string) {
    this.#commands = commands
    this.#prefix = prefix
  }

  async claim(key: string, leaseMs: number): Promise<Claim> {
    const token = randomUUID()
    return this.#claim(key, token, leaseMs).catch((error) => {
      this.#lost.add({ key, token, leaseMs })
      throw error
    })
  }

  async #claim(key: string, token: string, leaseMs: number): Promise<Claim> {
    const held = await this.#setIfAbsent(this.#event(key), claimBy(token), whole(leaseMs) + KEPT_MS)
    if (held === null) return { status: 'claimed', token }
    if (held === DONE) return { status: 'done' }

    // Takes no lease over: a server that stands still may run the command when the lease of a live holder has ended.
    const leftMs = await this.#claimByScript(key, token, leaseMs, NEVER_MS)
    if (leftMs !== HAS_ENDED) return claimOf(leftMs, token)
    const { graceMs, retryAfterMs } = this.#outages.protection(leaseMs)
    const left = graceMs < NEVER_MS ? await this.#claimByScript(key, token, leaseMs, graceMs) : HAS_ENDED
    return left === HAS_ENDED ? { status: 'in-flight', retryAfterMs: Math.max(retryAfterMs, 1) } : claimOf(left, token)
  }

  #claimByScript(key: string, token: string, leaseMs: number, graceMs: number): Promise<number> {
    const lengths = [whole(leaseMs) + KEPT_MS, KEPT_MS, whole(graceMs)]
    return this.#number(CLAIM, this.#event(key), claimBy(token), ...lengths.map(String))
  }

  async complete(key: string, token: string, retentionMs: number, options?: CompleteOptions): Promise<boolean> {
    if (options?.within !== undefined) {
      throw new TypeError('redisStore cannot join a transaction: call complete() without within')
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
    return newest === null ? undefined : numberOf(newest)
  }

  /** Resolves to null if the key was set, otherwise to its value. Undefined if the server lacks this command. */
  async #setIfAbsent(key: string, value: string, lengthMs: number): Promise<string | null | undefined> {
    if (!this.#canSetAndGet) return undefined
    const held = await this.#outages.watch(() => this.#commands.setIfAbsent(key, value, lengthMs).catch(unlessUnknown))
    if (held !== UNKNOWN) return held === null ? null : String(held)
    this.#canSetAndGet = false
    return undefined
  }

  async #number(script: RedisScript, key: string, ...args: string[]): Promise<number> {
    return numberOf(await this.#run(script, key, ...args))
  }

  #run(script: RedisScript, key: string, ...args: string[]): Promise<unknown> {
    return this.#outages.watch(() => this.#commands.run(script, key, ...args)).catch(rethrowAdvised)
  }

  #event(key: string): string {
    return this.#key('event', key)
  }

  /** Returns the name of a key. A lone surrogate has no UTF-8, and all of them would become the same replacement. */
  #key(kind: string, name: string): string {
    return this.#prefix + (name.isWellFormed() ? `${kind}:${name}` : `${kind}-json:${JSON.stringify(name)}`)
  }
}

/** Reads a reply. Other ones come from a client that is in a transaction, or that changes replies. */
function numberOf(reply: unknown): number {
  const number = Number(reply ?? Number.NaN)
  if (!Number.isNaN(number)) return number
  throw unfit(
    'The client returned a reply that the store cannot read. Is a MULTI open on it? Give the store a client of its own.',
  )
}

/** Reads what `CLAIM` returns for a lease that has not ended. */
function claimOf(leftMs: number, token: string): Claim {
  if (leftMs === IS_DONE) return { status: 'done' }
  return leftMs === IS_CLAIMED ? { status: 'claimed', token } : { status: 'in-flight', retryAfterMs: leftMs }
}

const UNKNOWN = Symbol('the server does not know the command')

/** Before Redis 7, SET takes NX or GET, not both. */
function unlessUnknown(error: unknown): symbol {
  return isReply(error, 'ERR syntax error') ? UNKNOWN : rethrowAdvised(error)
}

const claimBy = (token: string) => `claimed:${token}`

/** Rounds up, because Redis takes whole milliseconds only. */
const whole = (lengthMs: number) => Math.ceil(lengthMs)
