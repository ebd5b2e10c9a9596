import type { Provider } from '../providers/provider.js'
import { dedupKey } from './dedup-key.js'
import type { GuardedStore } from './guarded-store.js'

interface OrderSettings {
  readonly namespace: string
  readonly retentionMs: number
}

/** The entity and the time of an event. */
interface PlacedEvent {
  readonly entity: string | undefined
  readonly occurredAtMs: number | undefined
}

/** Remembers the newest handled position of each entity. It never delays or refuses an event. */
export class EntityOrder {
  readonly #store: GuardedStore
  readonly #settings: OrderSettings

  constructor(store: GuardedStore, settings: OrderSettings) {
    this.#store = store
    this.#settings = settings
  }

  /**
   * Returns the position of an event. Undefined if the provider gives no time, or if the time is too far ahead: such a
   * position would make every later event stale.
   */
  positionOf(provider: Provider, { entity, occurredAtMs: at }: PlacedEvent, nowMs: number): Position | undefined {
    if (entity === undefined || at === undefined || at > nowMs + provider.maxAheadMs) return undefined
    const { namespace, retentionMs } = this.#settings
    const { name, account } = provider
    const key = dedupKey({ namespace, provider: name, account }, entity)
    return new Position(this.#store, { key, at, retentionMs })
  }
}

/** The position of an event among the events of its entity. */
class Position {
  readonly #store: GuardedStore
  readonly #entity: { readonly key: string; readonly at: number; readonly retentionMs: number }

  constructor(store: GuardedStore, entity: { key: string; at: number; retentionMs: number }) {
    this.#store = store
    this.#entity = entity
  }

  /** Returns whether a newer event of the entity was handled. */
  async isStale(): Promise<boolean> {
    const { key, at } = this.#entity
    const newest = await this.#store.position(key)
    return newest !== undefined && newest > at
  }

  /** Remembers the position of a handled event. Never rejects, because the event is handled in any case. */
  async record(): Promise<void> {
    const { key, at, retentionMs } = this.#entity
    await this.#store.position(key, { at, retentionMs }).catch(() => undefined)
  }
}
