import { dedupKey } from './dedup-key.js'
import type { Settings } from './options.js'
import type { Provider } from './providers/provider.js'
import type { Recognized } from './recognize.js'
import type { GuardedStore } from './stores/guarded-store.js'

/** Remembers the newest handled event of each entity. It tells; it never holds an event back. */
export class EntityOrder {
  readonly #store: GuardedStore
  readonly #settings: Pick<Settings, 'namespace' | 'retentionMs'>

  constructor(store: GuardedStore, settings: Pick<Settings, 'namespace' | 'retentionMs'>) {
    this.#store = store
    this.#settings = settings
  }

  /**
   * Where an event stands. Undefined where the provider gives no time, and for a time too far ahead: believed once, it
   * would make every later event look old.
   */
  positionOf(provider: Provider, { entity, occurredAtMs: at }: Recognized, nowMs: number): Position | undefined {
    if (entity === undefined || at === undefined || at > nowMs + provider.maxAheadMs) return undefined
    const { namespace, retentionMs } = this.#settings
    const { name, account } = provider
    const key = dedupKey({ namespace, provider: name, account }, entity)
    return new Position(this.#store, { key, at, retentionMs })
  }
}

/** Where an event stands among those about the same entity. */
class Position {
  readonly #store: GuardedStore
  readonly #entity: { readonly key: string; readonly at: number; readonly retentionMs: number }

  constructor(store: GuardedStore, entity: { key: string; at: number; retentionMs: number }) {
    this.#store = store
    this.#entity = entity
  }

  /** Whether a newer event of the entity has been handled. */
  async isStale(): Promise<boolean> {
    const { key, at } = this.#entity
    const newest = await this.#store.position(key)
    return newest !== undefined && newest > at
  }

  /** To be called when the event is handled. Never rejects: the event is handled whether this is remembered or not. */
  async record(): Promise<void> {
    const { key, at, retentionMs } = this.#entity
    await this.#store.position(key, { at, retentionMs }).catch(() => undefined)
  }
}
