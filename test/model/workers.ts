import type { DedupStore } from '@mailbox-hooks/core'
import type { Answer, Call } from './key-model.js'
import type { Site } from './store-under-test.js'

export const MINUTE_MS = 60_000
/** The clock is put forward by whole minutes and everything ends half way between: nothing is ever just about to end. */
const halfPast = (minutes: number) => (minutes - 0.5) * MINUTE_MS

export const WORKERS = [0, 1, 2] as const
export const KEYS = ['a', 'b'] as const
export const VERBS = ['claim', 'complete', 'release', 'extend'] as const

export type Worker = (typeof WORKERS)[number]
export type Key = (typeof KEYS)[number]

/** An order to a worker, for the newest token that it was granted for a key. */
export interface Order {
  readonly worker: Worker
  readonly verb: Call['verb']
  readonly key: Key
  readonly minutes: number
  /** Uses the token on the other key. */
  readonly isMixedUp: boolean
  /** The worker dies, or its connection does, before it has read the answer. */
  readonly isUnread: boolean
}

/** The workers on the store, each with the tokens that it remembers. */
export class Workers {
  readonly #site: Site
  readonly #run: string
  readonly #tokens = new Map<string, string>()

  constructor(site: Site, run: string) {
    this.#site = site
    this.#run = run
  }

  callOf({ worker, verb, key, minutes, isMixedUp }: Order): Call {
    const ms = halfPast(minutes)
    const other = key === 'a' ? 'b' : 'a'
    const token = this.#tokens.get(`${worker}${isMixedUp ? other : key}`) ?? 'never granted'
    if (verb === 'claim') return { verb, leaseMs: ms }
    if (verb === 'complete') return { verb, token, retentionMs: ms }
    if (verb === 'extend') return { verb, token, leaseMs: ms }
    return { verb, token }
  }

  async send({ worker, key, isUnread }: Order, call: Call): Promise<Answer | undefined> {
    const answer = await sendTo(this.#site.stores[worker], `${this.#run}:${key}`, call)
    if (isUnread) return undefined
    if (typeof answer === 'object' && answer.status === 'claimed') this.#tokens.set(`${worker}${key}`, answer.token)
    return answer
  }

  /** Deliveries of other events: what is sent while a store is busy goes together, as one statement. */
  async keepBusy(): Promise<void> {
    const [store] = this.#site.stores
    const others = ['c', 'd'].map((key) => `${this.#run}:${key}`)
    await Promise.all(
      others.flatMap((key) => [store.claim(key, MINUTE_MS, ABOUT), store.release(key, 'never granted')]),
    )
  }

  forget(worker: Worker): void {
    for (const key of KEYS) this.#tokens.delete(`${worker}${key}`)
  }

  pass(minutes: number): Promise<void> {
    return this.#site.pass(minutes * MINUTE_MS)
  }

  async purge(): Promise<void> {
    await this.#site.purge?.()
  }
}

const ABOUT = { provider: 'openmail', type: 'message.received' }

function sendTo(store: DedupStore, key: string, call: Call): Promise<Answer> {
  switch (call.verb) {
    case 'claim':
      return store.claim(key, call.leaseMs, ABOUT)
    case 'complete':
      return store.complete(key, call.token, call.retentionMs)
    case 'release':
      return store.release(key, call.token)
    case 'extend':
      return store.extend(key, call.token, call.leaseMs)
  }
}

export function textOf({ worker, verb, key, minutes, isMixedUp, isUnread }: Order): string {
  const length = verb === 'release' ? '' : ` for ${minutes - 0.5} min`
  const token = isMixedUp && verb !== 'claim' ? ' with the token of the other key' : ''
  return `worker ${worker}: ${verb} ${key}${length}${token}${isUnread ? ', not read' : ''}`
}
