import type { Provider } from '../providers/provider.js'
import { dedupKey } from './dedup-key.js'
import type { GuardedStore } from './guarded-store.js'

interface OrderSettings {
  readonly namespace: string
  readonly retentionMs: number
}

/** What an event says of its place among those about the same entity. */
interface PlacedEvent {
  readonly entity: string | undefined
  readonly occurredAtMs: number | undefined
}

/** Remembers the newest handled event of each entity. It tells; it never holds an event back. */
export class EntityOrder {
  readonly #store: GuardedStore
  readonly #settings: OrderSettings

  constructor(store: GuardedStore, settings: OrderSettings) {
    this.#store = store
    this.#settings = settings
  }

  /**
   * Where an event stands. Undefined where the provider gives no time, and for a time too far ahead: believed once, it
   * would make every later event look old.
   */
  positionOf(provider: Provider, { entity, occurredAtMs: at }: PlacedEvent, nowMs: number): Position | undefined {
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
