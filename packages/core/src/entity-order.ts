import { dedupKey } from './dedup-key.js'
import type { Settings } from './options.js'
import type { Provider } from './providers/provider.js'
import type { Recognized } from './recognize.js'
import type { GuardedStore } from './stores/guarded-store.js'

/** Where an event stands among those about the same entity. */
export interface Position {
  readonly entity: string
  readonly at: number
}

/** Remembers the newest handled event of each entity. It tells; it never holds an event back. */
export class EntityOrder {
  readonly #store: GuardedStore
  readonly #namespace: string
  readonly #retentionMs: number

  constructor(store: GuardedStore, { namespace, retentionMs }: Pick<Settings, 'namespace' | 'retentionMs'>) {
    this.#store = store
    this.#namespace = namespace
    this.#retentionMs = retentionMs
  }

  /**
   * Undefined where the provider gives no time, and for a time too far ahead: believed once, it would make every later
   * event look old.
   */
  positionOf(provider: Provider, { entity, occurredAtMs: at }: Recognized, nowMs: number): Position | undefined {
    if (entity === undefined || at === undefined || at > nowMs + provider.maxAheadMs) return undefined
    const { name, account } = provider
    return { entity: dedupKey({ namespace: this.#namespace, provider: name, account }, entity), at }
  }

  /** Whether a newer event of the entity has been handled. */
  async isStale(position: Position | undefined): Promise<boolean | undefined> {
    if (position === undefined) return undefined
    const newest = await this.#store.position(position.entity)
    return newest !== undefined && newest > position.at
  }

  /** To be called when the event is handled. Never rejects: the event is handled whether this is remembered or not. */
  async record(position: Position | undefined): Promise<void> {
    if (position === undefined) return
    const { entity, at } = position
    await this.#store.position(entity, { at, retentionMs: this.#retentionMs }).catch(() => undefined)
  }
}
