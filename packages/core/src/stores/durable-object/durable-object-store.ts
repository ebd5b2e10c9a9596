import { hash, randomUUID } from 'node:crypto'
import { readOptions, WHOLE, type WithDefaults, withDefault } from '../../options/option-rules.js'
import type { Claim, CompleteOptions, DedupStore, HandledPosition } from '../dedup-store.js'
import { LostClaims } from '../lost-claims.js'
import { OutageWatch } from '../outage-watch.js'
import type { AnswerTo, CallTo, ObjectCall } from './object-call.js'

/** The parts used of a Durable Object's binding. */
export interface ObjectNamespaceLike {
  idFromName(name: string): unknown
  get(id: unknown): {
    fetch(
      url: string,
      init: { method: string; body: string },
    ): Promise<{ readonly ok: boolean; json(): Promise<unknown> }>
  }
}

export interface DurableObjectStoreOptions {
  /**
   * Sets how many objects share the events. Default 1, which answers some hundred deliveries a second. If you change it
   * later, most handled events are forgotten, because they are looked for in another object.
   */
  readonly objects?: number
}

/**
 * Creates a store in Durable Objects of Cloudflare, for Workers. All isolates of all places share it.
 *
 * Takes the binding of the class `WebhookStore`. A claim is one call of an object. `complete({ within })` throws a
 * `TypeError`, because an object cannot join a transaction of your database.
 *
 * Throws a `TypeError` if the binding is missing, and for a wrong option.
 *
 * @example
 * import { env } from 'cloudflare:workers'
 * webhooks({ providers, store: durableObjectStore(env.WEBHOOK_STORE) })
 */
export function durableObjectStore(
  namespace: ObjectNamespaceLike,
  options: DurableObjectStoreOptions = {},
): DedupStore {
  if (typeof namespace?.idFromName !== 'function' || typeof namespace.get !== 'function') {
    throw new TypeError(
      'durableObjectStore: pass the binding of the class WebhookStore, e.g. durableObjectStore(env.WEBHOOK_STORE). ' +
        'Does your wrangler.jsonc bind it?',
    )
  }
  const { objects } = readOptions<WithDefaults<DurableObjectStoreOptions>>('durableObjectStore', options, RULES)
  return new DurableObjectStore(namespace, objects)
}

const RULES = { objects: withDefault(WHOLE, 1) } as const

/** Longer than any claim is kept. */
const NEVER_MS = 365 * 24 * 3600_000

class DurableObjectStore implements DedupStore {
  readonly #namespace: ObjectNamespaceLike
  readonly #objects: number
  readonly #outages = new OutageWatch({ onAnswer: () => this.#lost.look() })
  readonly #lost = new LostClaims(({ key, token }) => this.release(key, token))

  constructor(namespace: ObjectNamespaceLike, objects: number) {
    this.#namespace = namespace
    this.#objects = objects
  }

  async claim(key: string, leaseMs: number): Promise<Claim> {
    const token = randomUUID()
    return this.#claim(key, token, leaseMs).catch((error) => {
      this.#lost.add({ key, token, leaseMs })
      throw error
    })
  }

  async #claim(key: string, token: string, leaseMs: number): Promise<Claim> {
    const claim = { act: 'claim', name: key, token, leaseMs } as const
    // Takes no lease over: the call may be late, when the lease of a live holder has ended.
    const answer = await this.#ask({ ...claim, graceMs: NEVER_MS })
    if (answer.status !== 'ended') return claimOf(answer, token)
    const { graceMs, retryAfterMs } = this.#outages.protection(leaseMs)
    const second = await this.#ask({ ...claim, graceMs: Math.min(graceMs, NEVER_MS) })
    if (second.status !== 'ended') return claimOf(second, token)
    return { status: 'in-flight', retryAfterMs: Math.max(retryAfterMs, 1) }
  }

  async complete(key: string, token: string, retentionMs: number, options?: CompleteOptions): Promise<boolean> {
    if (options?.within !== undefined) {
      throw new TypeError('durableObjectStore cannot join a transaction: call complete() without within')
    }
    return this.#ask({ act: 'complete', name: key, token, retentionMs })
  }

  release(key: string, token: string): Promise<boolean> {
    return this.#ask({ act: 'release', name: key, token })
  }

  extend(key: string, token: string, leaseMs: number): Promise<boolean> {
    return this.#ask({ act: 'extend', name: key, token, leaseMs })
  }

  async position(entity: string, handled?: HandledPosition): Promise<number | undefined> {
    return (await this.#ask({ act: 'position', name: entity, handled })) ?? undefined
  }

  #ask<A extends ObjectCall['act']>(call: CallTo<A>): Promise<AnswerTo<A>> {
    const name = storable(call.name)
    return this.#outages.watch(async () => {
      // The stub belongs to the request that got it, so each call gets its own.
      const object = this.#namespace.get(this.#namespace.idFromName(objectOf(name, this.#objects)))
      const body = JSON.stringify({ ...call, name })
      const response = await object.fetch('https://webhook-store/', { method: 'POST', body })
      if (!response.ok) throw new Error('The Durable Object of the store failed.')
      // The object answers each kind of call in its own form.
      return (await response.json()) as AnswerTo<A>
    })
  }
}

function claimOf(answer: Exclude<AnswerTo<'claim'>, { status: 'ended' }>, token: string): Claim {
  return answer.status === 'in-flight'
    ? answer
    : answer.status === 'done'
      ? { status: 'done' }
      : { status: 'claimed', token }
}

/** Returns the name of the object that holds an event or an entity. */
const objectOf = (name: string, objects: number) =>
  `webhooks-${objects === 1 ? 0 : Number.parseInt(hash('sha256', name).slice(0, 8), 16) % objects}`

/** A lone surrogate has no UTF-8, and all of them would become the same replacement. */
const storable = (name: string) => (name.isWellFormed() ? `text:${name}` : `json:${JSON.stringify(name)}`)
